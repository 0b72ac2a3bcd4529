using System.Security.Cryptography;
using System.Text.Json;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary><c>send</c> and <c>receive</c> as scripts call them: exit codes, what stands on the output, and that a kill loses nothing.</summary>
[Collection(EndToEndCollection.Name)]
public class CommandTests
{
    private const int Seed = 5;

    [Fact]
    public async Task What_is_sent_is_received_once_and_with_its_content()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess ada = await meeting.JoinAsync("Ada");
        string file = Make(meeting, "from/plan.bin", 3_000_000), note = Make(meeting, "from/sub/note.txt", 40);
        await using (AppProcess send = Run(meeting, "send", file, Path.GetDirectoryName(note)!))
        {
            await EndsAsync(send, 0);
            Assert.Contains("sent plan.bin 3000000", send.Output);
        }
        await ada.Bridge.WaitAsync("files", "offered", e => e.GetProperty("name").GetString() == "sub");

        string into = meeting.Folder.Folder("to");
        await using (AppProcess receive = Run(meeting, "receive", "--into", into)) await EndsAsync(receive, 0);
        Assert.Equal(await HashAsync(file), await HashAsync(Path.Combine(into, "plan.bin")));
        Assert.Equal(await HashAsync(note), await HashAsync(Path.Combine(into, "sub", "note.txt")));

        await using AppProcess again = Run(meeting, "receive", "--into", into);
        await EndsAsync(again, 0);
        Assert.Contains("have plan.bin", again.Output);
        Assert.Contains("have sub", again.Output);
        Assert.Equal(2, Directory.GetFileSystemEntries(into).Length);
    }

    [Fact]
    public async Task A_file_for_one_person_reaches_that_person_alone()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"));
        string file = Make(meeting, "from/secret.bin", 1000), open = Make(meeting, "from/open.bin", 1000);
        await using (AppProcess send = Run(meeting, "send", "--to", "Bob", file)) await EndsAsync(send, 0);
        await using (AppProcess send = Run(meeting, "send", open)) await EndsAsync(send, 0);
        await people[1].Bridge.WaitAsync("files", "offered", e => e.GetProperty("name").GetString() == "secret.bin");
        await people[0].Bridge.WaitAsync("files", "offered", e => e.GetProperty("name").GetString() == "open.bin");
        Assert.DoesNotContain(people[0].Bridge.All("files", "offered"), e => e.GetProperty("name").GetString() == "secret.bin");

        await using AppProcess nobody = Run(meeting, "send", "--to", "Zoe", file);
        await EndsAsync(nobody, 1);
        Assert.Contains("not in the room", nobody.Output);
    }

    [Fact]
    public async Task A_command_that_is_killed_and_called_again_goes_on_where_it_was()
    {
        const int size = 12 * 1024 * 1024;
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess ada = await meeting.JoinAsync("Ada");
        string file = Make(meeting, "from/big.bin", size);
        await using (AppProcess send = Run(meeting, "send", file, $"--Plugins:Files:UploadLimit={size / 4}"))
        {
            // Whichever tenth is told first: on a busy machine some are passed over.
            await send.WaitLineAsync(" % of big.bin");
            await send.KillAsync();
        }
        await using (AppProcess again = Run(meeting, "send", file)) await EndsAsync(again, 0);
        JsonElement offered = await ada.Bridge.WaitAsync("files", "offered");
        Assert.Equal(await HashAsync(file), offered.GetProperty("sha256").GetString());
        Assert.Single(ada.Bridge.All("files", "offered"));
    }

    [Fact]
    public async Task What_cannot_be_done_is_a_sentence_and_an_exit_code()
    {
        (int Code, string Sentence, string[] Words)[] calls =
        [
            (2, "is no command", ["sned", "x"]), (2, "nothing to send", ["send"]), (2, "is not there", ["send", "/nowhere/at/all"]),
            (2, "--frob is not known", ["receive", "--frob"]), (1, "Nothing named", ["receive", "never.bin"]),
        ];
        await using Meeting meeting = await Meeting.StartAsync();
        foreach ((int code, string sentence, string[] words) in calls)
        {
            await using AppProcess command = Run(meeting, words);
            await EndsAsync(command, code);
            Assert.Contains(sentence, command.Output);
        }
    }

    [Fact]
    public async Task A_room_that_cannot_be_joined_ends_it_with_5()
    {
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Session:Password=secret");
        await using AppProcess command = Run(meeting, "receive");
        await EndsAsync(command, 5);
        Assert.Contains("password", command.Output, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task EndsAsync(AppProcess command, int code)
    {
        int ended = await command.WaitExitAsync();
        Assert.True(ended == code, $"exit code {ended} and not {code}\n{command.Output}");
    }

    private static AppProcess Run(Meeting meeting, params string[] words) => AppProcess.Start(words[0],
        ["--role", "run", $"--Client:DataDirectory={meeting.Folder.Folder("scripts")}", "--Client:Name=Robot", "--", .. words, "--server", meeting.Server.Address, "--room", "room"]);

    private static string Make(Meeting meeting, string name, int size)
    {
        byte[] content = new byte[size];
        new Random(Seed).NextBytes(content);
        string file = meeting.Folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
        return file;
    }

    private static async Task<string> HashAsync(string path)
    {
        await using FileStream content = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content));
    }
}

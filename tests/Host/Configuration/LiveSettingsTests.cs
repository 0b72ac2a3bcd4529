using System.ComponentModel.DataAnnotations;
using LanCollab.Host.Configuration;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Host.Configuration;

/// <summary>An operator edits the files while the program runs.</summary>
public sealed class LiveSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestLog _log = new();
    private readonly FakeTimeProvider _time = new();
    private DateTime _written = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private sealed class Sample : IValidatableObject
    {
        [Range(0, 65535)] public int Port { get; set; } = 5000;
        [Live, Range(1, 10)] public int Limit { get; set; } = 3;
        [Live] public string Password { get; set; } = "";
        [Live] public string[] Rooms { get; set; } = [];
        [Live] public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(1);

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Wait.TotalSeconds > Limit) yield return new ValidationResult("Plugins:Poll:Wait must not be more than Plugins:Poll:Limit.");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_live_takes_effect_and_is_told_once()
    {
        (LiveSettings live, ILiveOptions<Sample> options) = Start("""{"Plugins":{"Poll":{"Limit":4}}}""");
        List<Sample> heard = [];
        options.Changed += heard.Add;
        Edit(live, """{"Plugins":{"Poll":{"Limit":5}}}""");
        Assert.Equal((5, 5000), (options.Current.Limit, options.Current.Port));
        Assert.Same(options.Current, Assert.Single(heard));
        Edit(live, """{"Plugins":{"Poll":{"Limit": 5}}}""");
        Assert.Single(heard);
        Edit(live, """{"Plugins":{"Poll":{}}}""");
        Assert.Equal(3, options.Current.Limit);
        Assert.Equal(["Plugins:Poll:Limit has changed to \"5\" and is in effect", "Plugins:Poll:Limit has changed to the default and is in effect"], Lines());
    }

    [Fact]
    public void What_is_not_live_keeps_its_value_and_is_said_to_wait_once()
    {
        (LiveSettings live, ILiveOptions<Sample> options) = Start("""{"Plugins":{"Poll":{"Port":1,"Enabled":true}}}""");
        Edit(live, """{"Plugins":{"Poll":{"Port":2,"Enabled":true}}}""");
        Edit(live, """{"Plugins":{"Poll":{"Port":2,"Enabled":false,"Limit":9}}}""");
        Assert.Equal((1, 9), (options.Current.Port, options.Current.Limit));
        Assert.Equal(["Plugins:Poll:Port takes effect after a restart", "Plugins:Poll:Enabled takes effect after a restart", "Plugins:Poll:Limit has changed to \"9\" and is in effect"], Lines());
        Edit(live, """{"Plugins":{"Poll":{"Port":1,"Enabled":true,"Limit":9}}}""");
        Assert.Equal(3, Lines().Length);
        Edit(live, """{"Plugins":{"Poll":{"Port":2,"Enabled":true,"Limit":9}}}""");
        Assert.Equal("Plugins:Poll:Port takes effect after a restart", Lines()[3]);
    }

    [Fact]
    public void A_password_changes_and_its_value_is_in_no_log()
    {
        (LiveSettings live, ILiveOptions<Sample> options) = Start("""{"Plugins":{"Poll":{"Password":"first"}}}""");
        Edit(live, """{"Plugins":{"Poll":{"Password":"second"}}}""");
        Assert.Equal("second", options.Current.Password);
        Assert.Equal("Plugins:Poll:Password has changed to another one and is in effect", Assert.Single(Lines()));
    }

    [Fact]
    public void A_list_is_live_as_a_whole_and_stays_the_same_while_its_values_do()
    {
        (LiveSettings live, ILiveOptions<Sample> options) = Start("""{"Plugins":{"Poll":{"Rooms":["a"]}}}""");
        Edit(live, """{"Plugins":{"Poll":{"Rooms":["a","b"]}}}""");
        Sample changed = options.Current;
        Assert.Equal(["a", "b"], changed.Rooms);
        Assert.Equal("Plugins:Poll:Rooms:1 has changed to \"b\" and is in effect", Assert.Single(Lines()));
        Edit(live, """{"Plugins":{"Poll":{"Rooms":["a","b"],"Port":1}}}""");
        Assert.Same(changed, options.Current);
    }

    [Theory]
    [InlineData("""{"Plugins":{"Poll":{"Limit":11}}}""", "Plugins:Poll:Limit = \"11\" cannot be used; allowed: 1 to 10.")]
    [InlineData("""{"Plugins":{"Poll":{"Limti":5}}}""", "Plugins:Poll:Limti = \"5\" is not a known key")]
    [InlineData("""{"Plugins":{"Poll":{"Limit":5}},"Severs":{"A":1}}""", "Severs is not a known section")]
    [InlineData("""{"Plugins":{"Poll":{"Limit":5}""", "appsettings.json")]
    [InlineData("""{"Plugins":{"Poll":{"Limit":2, "Wait":"00:00:09"}}}""", "Plugins:Poll:Wait must not be more than Plugins:Poll:Limit.")]
    [InlineData("""{"Plugins":{"Poll":{"Limit":5}},"Server":{"Bnd":"x"}}""", "Server:Bnd = \"x\" is not a known key")]
    public void What_cannot_be_used_is_one_sentence_and_all_old_values_stay(string edited, string said)
    {
        (LiveSettings live, ILiveOptions<Sample> options) = Start("""{"Plugins":{"Poll":{"Limit":4}}}""");
        Edit(live, edited);
        live.Look();
        Assert.Equal(4, options.Current.Limit);
        string line = Assert.Single(Lines());
        Assert.StartsWith("The changed configuration is not used, the old one stays: ", line);
        Assert.Contains(said, line);
        Edit(live, """{"Plugins":{"Poll":{"Limit":6}}}""");
        Assert.Equal(6, options.Current.Limit);
    }

    [Fact]
    public void A_file_that_is_being_written_is_read_when_it_has_settled()
    {
        (LiveSettings live, ILiveOptions<Sample> options) = Start("{}");
        Write("""{"Plugins":{"Poll":{"Limit":5""");
        live.Look();
        Write("""{"Plugins":{"Poll":{"Limit":5}}}""");
        live.Look();
        Assert.Equal(3, options.Current.Limit);
        live.Look();
        Assert.Equal(5, options.Current.Limit);
        Assert.Single(Lines());
    }

    [Fact]
    public async Task The_files_are_looked_at_every_second()
    {
        (LiveSettings live, ILiveOptions<Sample> options) = Start("{}");
        var changed = new TaskCompletionSource();
        options.Changed += _ => changed.SetResult();
        using var stop = new CancellationTokenSource();
        Task running = live.RunAsync(stop.Token);
        Write("""{"Plugins":{"Poll":{"Limit":5}}}""");
        while (!changed.Task.IsCompleted)
        {
            _time.Advance(LiveSettings.Interval);
            await Task.Yield();
        }
        await stop.CancelAsync();
        await running;
        Assert.Equal(5, options.Current.Limit);
    }

    [Fact]
    public void A_file_that_is_taken_away_and_one_that_comes_are_changes_too()
    {
        (LiveSettings live, ILiveOptions<Sample> options) = Start("""{"Plugins":{"Poll":{"Limit":4}}}""");
        File.Delete(_folder["appsettings.json"]);
        Look(live);
        Assert.Equal(4, options.Current.Limit);
        Assert.Contains("is missing", Assert.Single(Lines()));
        File.WriteAllText(_folder["appsettings.Server.json"], """{"Plugins":{"Poll":{"Limit":7}}}""");
        Edit(live, "{}");
        Assert.Equal(7, options.Current.Limit);
    }

    [Fact]
    public void What_the_command_line_says_stays_and_a_handler_that_throws_costs_the_others_nothing()
    {
        List<Exception> faults = [];
        LiveSettings live = Open("{}", new() { ["Plugins:Poll:Limit"] = "8" });
        ILiveOptions<Sample> options = live.Watch<Sample>(faults.Add, "Plugins:Poll");
        int heard = 0;
        options.Changed += _ => throw new InvalidOperationException("a bad handler");
        options.Changed += _ => heard++;
        Edit(live, """{"Plugins":{"Poll":{"Limit":5,"Password":"x"}}}""");
        Assert.Equal((8, "x", 1), (options.Current.Limit, options.Current.Password, heard));
        Assert.Equal("a bad handler", Assert.Single(faults).Message);
    }

    private (LiveSettings, ILiveOptions<Sample>) Start(string json)
    {
        LiveSettings live = Open(json, []);
        return (live, live.Watch<Sample>(e => Assert.Fail(e.Message), "Plugins:Poll", "Enabled"));
    }

    private LiveSettings Open(string json, Dictionary<string, string?> commandLine)
    {
        Write(json);
        Settings settings = Settings.Load(new CommandLine("server", _folder.Path, commandLine));
        var live = new LiveSettings(settings, "Server", _time, _log.CreateLogger("settings"));
        live.Bind<ServerOptions>("Server");
        return live;
    }

    private void Edit(LiveSettings live, string json)
    {
        Write(json);
        Look(live);
    }

    private static void Look(LiveSettings live)
    {
        live.Look();
        live.Look();
    }

    private void Write(string json)
    {
        string path = _folder["appsettings.json"];
        File.WriteAllText(path, json);
        // Two edits within one tick of a coarse file system are not what this is about.
        File.SetLastWriteTimeUtc(path, _written = _written.AddSeconds(1));
    }

    private string[] Lines() => [.. _log.Lines.All.Select(l => l.Text)];
}

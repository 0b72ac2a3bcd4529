using CsCheck;
using LanCollab.Plugins.Chat;
using LanCollab.Tests.Support;
using static LanCollab.Tests.Plugins.Chat.ChatMeeting;

namespace LanCollab.Tests.Plugins.Chat;

/// <summary>Several lines in one message.</summary>
public class LinePackTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Said> AnyLine =
        from person in Gen.Int[0, 3]
        from ms in Gen.Int[-50, 1000]
        from text in Gen.String[0, 200]
        select new Said(0, $"k{ms}", $"m{person}", $"P{person}", text, Start.AddMilliseconds(ms), Person: $"p{person}");

    [Fact]
    public void What_was_packed_comes_out_as_it_was()
    {
        AnyLine.List[1, 100].Sample(lines =>
        {
            INews[] news = [.. lines.Select((line, i) => line with { Seq = 7 + i })];
            Lines packed = LinePack.Pack(news, 0, LinePack.Run(news, 0));
            return LinePack.Unpack(packed).SequenceEqual(news.Take(packed.Items.Count).Cast<Said>());
        });
    }

    [Fact]
    public void Lines_that_are_not_plain_changes_and_gaps_end_a_run()
    {
        var plain = new Said(1, "k", "m", "P", "text", Start);
        foreach (Said other in (Said[])[plain with { To = "x" }, plain with { Reply = new Quote(1, "P") }, plain with { Edited = Start }])
            Assert.Equal(1, LinePack.Run([plain, other with { Seq = 2 }, plain with { Seq = 3 }], 0));
        Assert.Equal(1, LinePack.Run([plain, new Changed(2, 1, Changed.Deleted, "p", "P", Start)], 0));
        Assert.Equal(2, LinePack.Run([plain, plain with { Seq = 2 }, plain with { Seq = 4 }], 0));
        Assert.Equal(0, LinePack.Run([new Changed(2, 1, Changed.Deleted, "p", "P", Start)], 0));
    }

    [Fact]
    public void The_longest_message_fits_into_a_frame()
    {
        INews[] news = [.. Enumerable.Range(1, 256).Select(n => new Said(n, new string('k', 64), "m", "P", new string('ä', LineRules.MaxText), Start))];
        int run = LinePack.Run(news, 0);
        Assert.InRange(run, LinePack.Least, 255);
        Assert.InRange(ChatWire.Messages.Encode(LinePack.Pack(news, 0, run)).Length, 1, ChatWire.MaxFrame);
    }

    [Fact]
    public void A_line_by_nobody_is_no_line() =>
        Assert.Throws<ProtocolErrorException>(() => LinePack.Unpack(new Lines(1, Start, [], [new ShortLine("k", "text")])).ToArray());

    [Fact]
    public async Task What_is_said_faster_than_it_is_stored_comes_packed_and_whole()
    {
        await using ChatMeeting meeting = await StartAsync(("Burst", "10000"));
        TestClientContext ada = await meeting.JoinAsync("Ada");
        MessageChannel raw = await meeting.ConnectAsync("Raw"), sender = await meeting.ConnectAsync("Bob");
        var packed = new Recorded<Lines>("a packed message");
        raw.On((Lines lines) => packed.Add(lines));
        for (int round = 1; packed.All.Count == 0; round++)
        {
            await Task.WhenAll(Enumerable.Range(1, 60).Select(n => sender.RequestAsync<SayOk>(new Say($"line {n}"), default)));
            Assert.InRange(round, 1, 200);
        }
        long last = (await SayAsync(ada, "done")).Seq;
        Assert.Equal(Enumerable.Range(1, (int)last).Select(n => (long)n), (await LinesAsync(ada, (int)last)).Select(line => line.Seq));
        Assert.All(packed.All, lines => Assert.Equal("Bob", Assert.Single(lines.People).Name));
    }
}

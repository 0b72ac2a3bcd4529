using System.Net;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Files;

/// <summary>One source of a swarm, over a channel without a network and with a clock of the test's.</summary>
public sealed class PeerSourceTests
{
    private const int Blocks = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly TestLog _log = new();
    private readonly (InMemoryChannel Source, InMemoryChannel Here) _ends = InMemoryChannel.Pair(clientMaxFrame: FrameLimits.Block);
    private readonly byte[] _content = FilesMeeting.Bytes(Blocks * BlockLayout.Size);

    [Fact]
    public async Task That_the_disk_here_is_slow_is_not_the_source_s_silence_and_its_own_silence_ends_it()
    {
        var disk = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var kept = new Recorded<int>("a block");
        PeerSource source = NewSource(async (block, _, _) =>
        {
            kept.Add(block);
            await disk.Task;
        });
        source.Ask(Enumerable.Range(0, Blocks));
        Task<(SourceEnd End, int[] Missing)> run = source.RunAsync(new OneLink(_ends.Here), TestContext.Current.CancellationToken);
        await SendAsync(0);
        await kept.WaitAsync(block => block == 0);
        for (int i = 0; i < 5; i++) _time.Advance(Patience);
        disk.SetResult();
        await SendAsync(1);
        await kept.WaitAsync(block => block == 1); // had it been given up, nobody would read any more
        while (!run.IsCompleted)
        {
            _time.Advance(Patience);
            await Task.Yield();
        }
        (SourceEnd end, int[] missing) = await run;
        Assert.Equal(SourceEnd.Dead, end);
        Assert.Equal([2], missing);
    }

    private PeerSource NewSource(TakeBlock take)
    {
        var file = new SharedFile("id", "name", _content.Length, "", "a", "Ada", DateTimeOffset.UnixEpoch, "");
        var peer = new PeerBlocks("bob", IPAddress.Loopback.ToString(), 9, new string('A', 64), "token", [[0, Blocks - 1]]);
        return new PeerSource(peer, file, RawClient.Hashes(_content), take, Patience, _time, _log);
    }

    private async Task SendAsync(int block)
    {
        byte[] frame = [.. new byte[BlockLayout.DataAt], .. RawClient.Part(_content, block)];
        BlockLayout.WriteHeader(frame, block);
        await _ends.Source.SendAsync(new Frame(FrameKind.Binary, frame), TestContext.Current.CancellationToken);
    }

    /// <summary>Dials to that channel, whoever is asked for.</summary>
    private sealed class OneLink(IChannel channel) : IDirectLinks
    {
        public string? Fingerprint => null;

        public int Listen(StreamService service, Func<DirectCaller, bool> admit, Func<DirectCaller, IChannel, CancellationToken, Task> handler) => throw new NotSupportedException();

        public Task<IChannel> DialAsync(IPEndPoint address, string fingerprint, StreamService service, string token, CancellationToken cancellationToken) => Task.FromResult(channel);
    }
}

using LanCollab.Benchmarks.Audio;
using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Mix;

namespace LanCollab.Benchmarks.Loads;

/// <summary>
/// The hub's mixer with real Opus, as fast as it goes: decoding, mixing and encoding of one room. What the network costs is told by
/// <see cref="DatagramsBenchmark"/>.
/// </summary>
internal static class MixBenchmark
{
    private const int Runs = 3, Seconds = 10, WarmUpSeconds = 2;
    private const int TicksPerSecond = 1000 / AudioFormat.FrameMilliseconds;

    public static Task RunAsync()
    {
        var options = new MediaOptions { Loudest = 0 };
        var codec = new LibOpus();
        var speech = new Speech(codec, options.Bitrate, options.Complexity);
        foreach ((int people, int talkers) in ((int, int)[])[(10, 10), (50, 3), (50, 50)]) Print(people, talkers, codec, options, speech);
        return Task.CompletedTask;
    }

    private static void Print(int people, int talkers, LibOpus codec, MediaOptions options, Speech speech)
    {
        var time = new SteppedTime();
        using var mixer = new Mixer(codec, options, time);
        Participant[] all = [.. Enumerable.Range(0, people).Select(i => Join(mixer, i))];
        var room = new Room(mixer, all[..talkers], speech, time);
        room.Run(WarmUpSeconds * TicksPerSecond);
        Cost[] runs = [.. Enumerable.Range(0, Runs).Select(_ => room.Run(Seconds * TicksPerSecond))];
        Result.Print("mix", ("people", people), ("talkers", talkers),
            ("cpuMsPerParticipantSecond", runs.Select(r => r.Cpu.TotalMilliseconds / (people * Seconds)).Median()),
            ("coresInUse", runs.Select(r => r.Cpu.TotalSeconds / Seconds).Median()),
            ("allocatedBytesPerTick", runs.Select(r => (double)r.Allocated / (Seconds * TicksPerSecond)).Median()),
            ("packetsPerTick", (double)room.Sent / room.Ticks));
    }

    private static Participant Join(Mixer mixer, int i)
    {
        var peer = new Peer($"{i}", $"P{i}", "room");
        mixer.Add(peer);
        return mixer.Find(peer)!;
    }

    /// <summary>Talkers whose packets come in time, and a network that takes everything.</summary>
    private sealed class Room(Mixer mixer, Participant[] talkers, Speech speech, SteppedTime time) : IServerDatagrams
    {
        private long _sent;
        private readonly byte[] _packet = new byte[AudioPacket.MaxLength];

        public uint Ticks { get; private set; }

        public long Sent => _sent;

        public Cost Run(int ticks)
        {
            Cost before = Cost.Now;
            for (int i = 0; i < ticks; i++) Tick();
            return Cost.Now - before;
        }

        public bool TrySend(Peer to, ReadOnlySpan<byte> payload)
        {
            Interlocked.Increment(ref _sent);
            return true;
        }

        private void Tick()
        {
            for (int i = 0; i < talkers.Length; i++) talkers[i].Receive(_packet.AsSpan(0, speech.Write(i, Ticks, _packet)));
            mixer.Tick(this);
            time.Advance(AudioFormat.FrameDuration);
            Ticks++;
        }
    }
}

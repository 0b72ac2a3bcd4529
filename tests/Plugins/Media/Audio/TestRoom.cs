using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Mix;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>People, a mixer and real Opus in between, moved 20 ms at a time by the test: no network, no clock.</summary>
internal sealed class TestRoom : IServerDatagrams, IDisposable
{
    private readonly LibOpus _codec = new();
    private readonly Dictionary<Peer, TestPerson> _people = [];

    public TestRoom(Action<MediaOptions>? configure = null)
    {
        configure?.Invoke(Options);
        Mixer = new Mixer(_codec, Options, Time);
    }

    public MediaOptions Options { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public IEnumerable<TestPerson> People => _people.Values;

    public Mixer Mixer { get; }

    public TestPerson Join(string name, string room = "room") => Join(name, FrameShape.Mono, room);

    /// <summary>Somebody whose frames have another shape; with two channels they also hear two.</summary>
    public TestPerson Join(string name, FrameShape shape, string room = "room")
    {
        bool stereo = shape.Channels == 2;
        var sender = new OpusSender(_codec.CreateEncoder(stereo ? 96_000 : 32_000, 5, shape.Channels));
        var person = new TestPerson(new Peer(name, name, room), sender, new Receiver(_codec, Options, Time) { IsStereo = stereo }, shape);
        _people[person.Peer] = person;
        Mixer.Add(person.Peer);
        Mixer.Find(person.Peer)!.Listener.Stereo = stereo;
        return person;
    }

    /// <summary>Everybody says their next frame, the hub mixes, everybody hears.</summary>
    public void Run(int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            foreach (TestPerson person in _people.Values)
                if (person.NextFrame() is { } frame) Mixer.Find(person.Peer)!.Receive(person.Sender.Frame(frame));
            Tick();
        }
    }

    /// <summary>The hub mixes, everybody hears, and 20 ms have passed.</summary>
    public void Tick()
    {
        Mixer.Tick(this);
        foreach (TestPerson person in _people.Values) person.Hear();
        Time.Advance(AudioFormat.FrameDuration);
    }

    public void Leave(TestPerson person)
    {
        Mixer.Remove(person.Peer);
        _people.Remove(person.Peer);
        person.Dispose();
    }

    public bool TrySend(Peer to, ReadOnlySpan<byte> payload)
    {
        if (!_people.TryGetValue(to, out TestPerson? person)) return false;
        person.Packets++;
        person.Bytes += payload.Length;
        if (AudioPacket.TryRead(payload, out AudioPacket packet, out _))
        {
            if (packet.Stream != person.LastStream) person.Switches++;
            person.LastStream = packet.Stream;
            person.StereoPackets += OpusToc.IsStereo(payload[AudioPacket.HeaderLength..]) ? 1 : 0;
        }
        if (person.Listens) person.Receiver.Receive(payload);
        return true;
    }

    public void Dispose()
    {
        Mixer.Dispose();
        foreach (TestPerson person in _people.Values) person.Dispose();
    }
}

internal sealed class TestPerson(Peer peer, OpusSender sender, Receiver receiver, FrameShape shape) : IDisposable
{
    private readonly float[] _frame = new float[shape.Length];
    private int _at;

    public Peer Peer { get; } = peer;
    public OpusSender Sender { get; } = sender;
    public Receiver Receiver { get; } = receiver;

    /// <summary>What they say, over and over; null: they are muted.</summary>
    public float[]? Says { get; set; }

    /// <summary>What has reached their ears since the test last cleared it.</summary>
    public List<float> Heard { get; } = [];

    public int Packets { get; set; }
    public int StereoPackets { get; set; }
    public long Bytes { get; set; }
    public uint LastStream { get; set; }
    public int Switches { get; set; }
    public bool Records { get; set; } = true;

    /// <summary>False: what comes is counted, not decoded.</summary>
    public bool Listens { get; set; } = true;

    public float[]? NextFrame()
    {
        if (Says is null) return null;
        for (int i = 0; i < _frame.Length; i++) _frame[i] = Says[_at++ % Says.Length];
        return _frame;
    }

    public void Hear()
    {
        if (!Listens) return;
        Span<float> frame = stackalloc float[shape.Channels * AudioFormat.FrameSize];
        Receiver.Next(frame);
        if (Records) Heard.AddRange(frame);
    }

    /// <summary>The strength of a frequency in what was heard, in dB.</summary>
    public double Power(double frequency) => Support.Goertzel.Power(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Heard), frequency);

    /// <summary>The same in one of two channels.</summary>
    public double Power(double frequency, int channel) => Support.Goertzel.Power([.. Heard.Where((_, i) => i % 2 == channel)], frequency);

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }
}

using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// One room's mix. Each tick sums all voices once; who needs another mix than that gets their own, all others get the sum itself, encoded once for
/// them together. Whoever has nothing to hear gets nothing. A tick has four steps; within a step people are independent of each other. The cost of the last
/// one is in the mixes of people's own (<see cref="Listener.NeedsWork"/>); for all others it is but a datagram.
/// </summary>
internal sealed class AudioRoom(string name, IOpusCodec codec, MediaOptions options) : IDisposable
{
    private readonly RoomMix _mix = new();
    private readonly Loudest _loudest = new(options.Loudest);
    private readonly SharedMix _narrow = new(codec, options, stereo: false);
    private SharedMix? _wide; // made when somebody wants two channels
    private volatile Participant[] _people = [];
    private volatile int _bitrate = options.Bitrate;
    private int _pair;

    /// <summary>The room's name.</summary>
    public string Name { get; } = name;

    /// <summary>So many are heard at a time; 0: everybody.</summary>
    public int MostHeard { set => _loudest.Most = value; }

    /// <summary>A snapshot.</summary>
    public IReadOnlyList<Participant> People => _people;

    /// <summary>The snapshot that this tick works on.</summary>
    public Participant[] Present { get; private set; } = [];

    /// <summary>Target of the mixes, bits a second; any thread.</summary>
    public int Bitrate { set => _bitrate = value; }

    /// <summary>The mix that somebody shares with others like them.</summary>
    public SharedMix SharedFor(Participant person) => person.Listener.WantsStereo && _wide is not null ? _wide : _narrow;

    /// <summary>Lets somebody in. Not for two threads at a time, but beside a running tick.</summary>
    public void Add(Participant person) => _people = [.. _people, person];

    /// <summary>Takes somebody out; as <see cref="Add"/>. The caller disposes them when no tick is running.</summary>
    public void Remove(Participant person) => _people = [.. _people.Where(p => p != person)];

    /// <summary>First step: everybody moves on, and it is decided who is heard. Decoding (<see cref="Participant.Decode"/>) comes after it.</summary>
    public void Begin()
    {
        Present = _people;
        foreach (Participant person in Present) person.Advance();
        _loudest.Select(Present);
    }

    /// <summary>Third step: the sum, and the mixes that are shared.</summary>
    public void Mix()
    {
        _mix.Sum(Present);
        foreach (Participant person in Present) person.NotePlayed(_mix.Timestamp + AudioFormat.FrameSize);
        _narrow.Begin();
        _wide?.Begin();
        foreach (Participant person in Present)
        {
            Listener listener = person.Listener;
            listener.Bitrate = _bitrate;
            if (listener.WantsStereo) _wide ??= new SharedMix(codec, options, stereo: true);
            SharedMix shared = SharedFor(person);
            listener.Choose(_mix.IsSpecialFor(person), _mix.Count > 0 || shared.IsOpen, shared.IsOpen);
            if (listener.GetsShared) shared.Add(listener);
        }
        Encode(_narrow);
        if (_wide is not null) Encode(_wide);
    }

    private void Encode(SharedMix shared)
    {
        shared.Bitrate = _bitrate;
        shared.Encode(_mix);
    }

    /// <summary>Fourth step: what one person gets.</summary>
    public void Send(Participant person, IServerDatagrams datagrams)
    {
        Listener listener = person.Listener;
        ReadOnlySpan<byte> warmUp = listener.WarmUpPacket(_mix);
        if (!warmUp.IsEmpty) datagrams.TrySend(person.Peer, warmUp);
        ReadOnlySpan<byte> own = listener.OwnPacket(_mix, person);
        if (!own.IsEmpty) datagrams.TrySend(person.Peer, own);
        if (listener.GetsShared && SharedFor(person) is { Sends: true } shared) datagrams.TrySend(person.Peer, shared.PacketFor(listener));
    }

    /// <summary>Two people of this tick; in the course of time each two.</summary>
    public (Participant, Participant) NextPair()
    {
        int count = Present.Length, pair = _pair++ % (count * count);
        return (Present[pair / count], Present[pair % count]);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _narrow.Dispose();
        _wide?.Dispose();
    }
}

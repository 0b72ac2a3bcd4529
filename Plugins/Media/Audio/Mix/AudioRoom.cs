using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// One room's mix. Each tick sums all voices once; who needs another mix than that gets their own, all others get the sum itself, encoded once for
/// them together. Whoever has nothing to hear gets nothing. A tick has four steps; within a step people are independent of each other. The cost of the last
/// one is in the mixes of people's own (<see cref="Listener.NeedsWork"/>); for all others it is but a datagram.
/// </summary>
internal sealed class AudioRoom(string name, IOpusEncoder shared, int loudest) : IDisposable
{
    private readonly RoomMix _mix = new();
    private readonly Loudest _loudest = new(loudest);
    private readonly MixOutput _shared = new(shared);
    private readonly byte[] _packet = new byte[AudioPacket.MaxLength];
    private readonly byte[] _plain = new byte[AudioPacket.MaxLength]; // the same without a copy, for those who lose nothing
    private volatile Participant[] _people = [];
    private int _length; // of the shared packet; 0: none
    private int _plainLength;
    private int _pair;

    /// <summary>The room's name.</summary>
    public string Name { get; } = name;

    /// <summary>So many are heard at a time; 0: everybody.</summary>
    public int MostHeard { set => _loudest.Most = value; }

    /// <summary>A snapshot.</summary>
    public IReadOnlyList<Participant> People => _people;

    /// <summary>The snapshot that this tick works on.</summary>
    public Participant[] Present { get; private set; } = [];

    /// <summary>True when there is a shared mix to send in this tick.</summary>
    public bool Shares => _length > 0;

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

    /// <summary>Third step: the sum, and the mix that is shared.</summary>
    public void Mix()
    {
        _mix.Sum(Present);
        foreach (Participant person in Present) person.NotePlayed(_mix.Timestamp + AudioFormat.FrameSize);
        bool anybody = false, copies = false;
        double loss = 0;
        foreach (Participant person in Present)
        {
            person.Listener.Choose(_mix.IsSpecialFor(person), _mix.Count > 0 || _shared.IsOpen, _shared.IsOpen);
            if (!person.Listener.GetsShared) continue;
            anybody = true;
            loss = Math.Max(loss, person.Listener.Loss);
            copies |= person.Listener.NeedsCopies;
        }
        (_shared.ExpectedLoss, _shared.Corrects) = (loss, copies);
        Share(anybody);
    }

    /// <summary>Fourth step: what one person gets.</summary>
    public void Send(Participant person, IServerDatagrams datagrams)
    {
        Listener listener = person.Listener;
        ReadOnlySpan<byte> warmUp = listener.WarmUpPacket(_mix);
        if (!warmUp.IsEmpty) datagrams.TrySend(person.Peer, warmUp);
        ReadOnlySpan<byte> own = listener.OwnPacket(_mix, person);
        if (!own.IsEmpty) datagrams.TrySend(person.Peer, own);
        if (listener.GetsShared && _length > 0)
            datagrams.TrySend(person.Peer, listener.NeedsCopies ? _packet.AsSpan(0, _length) : _plain.AsSpan(0, _plainLength));
    }

    /// <summary>Two people of this tick; in the course of time each two.</summary>
    public (Participant, Participant) NextPair()
    {
        int count = Present.Length, pair = _pair++ % (count * count);
        return (Present[pair / count], Present[pair % count]);
    }

    private void Share(bool anybody)
    {
        bool audible = anybody && _mix.Count > 0;
        if (audible) _mix.WriteTo(_shared.Frame);
        ReadOnlySpan<byte> packet = anybody || _shared.IsOpen ? _shared.Packet(_mix.Timestamp, audible, last: !anybody) : default;
        packet.CopyTo(_packet);
        _length = packet.Length;
        _plainLength = packet.IsEmpty ? 0 : AudioPacket.WithoutCopy(packet, _plain);
    }

    /// <inheritdoc />
    public void Dispose() => _shared.Dispose();
}

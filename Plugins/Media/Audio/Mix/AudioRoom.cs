using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// One room's mix. Each tick sums all voices once; who is heard gets the sum without themselves, encoded for them; all others get the
/// sum itself, encoded once for them together. Whoever has nothing to hear gets nothing.
/// </summary>
internal sealed class AudioRoom(string name, IOpusEncoder shared) : IDisposable
{
    private readonly float[] _sum = new float[AudioFormat.FrameSize];
    private readonly MixOutput _shared = new(shared);
    private volatile Participant[] _people = [];

    /// <summary>The room's name.</summary>
    public string Name { get; } = name;

    /// <summary>A snapshot.</summary>
    public IReadOnlyList<Participant> People => _people;

    /// <summary>Lets somebody in. Not for two threads at a time, but beside a running <see cref="Tick"/>.</summary>
    public void Add(Participant person) => _people = [.. _people, person];

    /// <summary>Takes somebody out; as <see cref="Add"/>. The caller disposes them when no tick is running.</summary>
    public void Remove(Participant person) => _people = [.. _people.Where(p => p != person)];

    /// <summary>Mixes 20 ms and sends them. Allocates nothing.</summary>
    public void Tick(IServerDatagrams datagrams)
    {
        Participant[] people = _people;
        int heard = Sum(people);
        foreach (Participant person in people)
            if (person.HasOwnMix && !person.HadOwnMix) Send(person, _shared.Leave(), datagrams);
        SendShared(people, heard, datagrams);
        foreach (Participant person in people) SendOwn(person, heard, datagrams);
    }

    private int Sum(Participant[] people)
    {
        Array.Clear(_sum);
        int heard = 0;
        foreach (Participant person in people)
        {
            person.Advance();
            if (!person.IsHeard) continue;
            Samples.Add(_sum, person.Voice);
            heard++;
        }
        return heard;
    }

    private void SendShared(Participant[] people, int heard, IServerDatagrams datagrams)
    {
        bool anybody = false;
        foreach (Participant person in people) anybody |= !person.HasOwnMix;
        if (heard > 0 && anybody) _sum.CopyTo(_shared.Frame, 0);
        ReadOnlySpan<byte> packet = anybody ? _shared.Packet(heard > 0) : _shared.Close();
        foreach (Participant person in people)
            if (!person.HasOwnMix) Send(person, packet, datagrams);
    }

    private void SendOwn(Participant person, int heard, IServerDatagrams datagrams)
    {
        if (!person.HasOwnMix)
        {
            if (person.HasOwnOutput) Send(person, person.Own.Close(), datagrams);
            return;
        }
        int others = person.IsHeard ? heard - 1 : heard;
        if (others > 0 && person.IsHeard) Samples.Subtract(_sum, person.Voice, person.Own.Frame);
        else if (others > 0) _sum.CopyTo(person.Own.Frame, 0);
        Send(person, person.Own.Packet(others > 0), datagrams);
    }

    private static void Send(Participant person, ReadOnlySpan<byte> packet, IServerDatagrams datagrams)
    {
        if (!packet.IsEmpty) datagrams.TrySend(person.Peer, packet);
    }

    /// <inheritdoc />
    public void Dispose() => _shared.Dispose();
}

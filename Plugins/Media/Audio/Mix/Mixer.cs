using System.Collections.Concurrent;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>All rooms of the hub. People come and go on any thread; ticks are for one, and spread their work over the cores.</summary>
internal sealed class Mixer : IDisposable
{
    private const int MostHelpers = 15;

    // From so many items on another core is worth waking up: about half a millisecond of decoding, of mixes with their encoding, of datagrams.
    private const int ManyVoices = 16, ManyRooms = 4, ManyOutputs = 6;
    private const int Handful = 32; // listeners of shared mixes that are one item

    private readonly IOpusCodec _codec;
    private MediaOptions _options;
    private readonly TimeProvider _time;
    private readonly Crew _crew;
    private readonly Action<int> _decode, _mix, _send;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Peer, Participant> _people = new();
    // What left is disposed between two ticks, since the running one may still use it.
    private readonly ConcurrentQueue<IDisposable> _left = new();
    private volatile AudioRoom[] _rooms = [];
    private AudioRoom[] _mixed = []; // in this tick
    private readonly List<Participant> _talking = []; // in this tick
    private readonly List<(AudioRoom Room, Participant Person)> _apart = [], _together = []; // with a mix of their own, with a shared one
    private IServerDatagrams _datagrams = null!;

    public Mixer(IOpusCodec codec, MediaOptions options, TimeProvider time)
    {
        (_codec, _options, _time) = (codec, options, time);
        _crew = new Crew(Math.Min(Environment.ProcessorCount - 1, MostHelpers));
        _decode = i => _talking[i].Decode();
        _mix = i => _mixed[i].Mix();
        _send = Send;
    }

    /// <summary>A snapshot of the rooms with people in them.</summary>
    public IReadOnlyList<AudioRoom> Rooms => _rooms;

    /// <summary>A person, or null.</summary>
    public Participant? Find(Peer peer) => _people.GetValueOrDefault(peer);

    /// <summary>A room, or null.</summary>
    public AudioRoom? Find(string room) => Array.Find(_rooms, r => r.Name == room);

    /// <summary>Lets somebody in, once.</summary>
    public void Add(Peer peer)
    {
        lock (_gate)
        {
            if (_people.ContainsKey(peer)) return;
            AudioRoom? room = Find(peer.Room);
            if (room is null) _rooms = [.. _rooms, room = Open(peer.Room)];
            var person = new Participant(peer, _codec, _options, _time);
            _people[peer] = person;
            room.Add(person);
        }
    }

    /// <summary>Takes somebody out; the last one takes the room along.</summary>
    /// <returns>Who it was, or null.</returns>
    public Participant? Remove(Peer peer)
    {
        lock (_gate)
        {
            if (!_people.TryRemove(peer, out Participant? person)) return null;
            AudioRoom room = Find(peer.Room)!;
            room.Remove(person);
            _left.Enqueue(person);
            if (room.People.Count > 0) return person;
            _rooms = [.. _rooms.Where(r => r != room)];
            _left.Enqueue(room);
            return person;
        }
    }

    /// <summary>Goes on with other limits; any thread.</summary>
    public void Apply(MediaOptions options)
    {
        lock (_gate)
        {
            _options = options;
            foreach (AudioRoom room in _rooms) (room.MostHeard, room.Bitrate) = (options.Loudest, options.Bitrate);
            foreach (Participant person in _people.Values) person.MostHeld = options.MaxPlayoutDelay;
        }
    }

    /// <summary>Mixes 20 ms of every room and sends them. Allocates nothing.</summary>
    public void Tick(IServerDatagrams datagrams)
    {
        while (_left.TryDequeue(out IDisposable? left)) left.Dispose();
        (_mixed, _datagrams) = (_rooms, datagrams);
        foreach (AudioRoom room in _mixed) room.Begin();
        ListTalking();
        _crew.Run(_talking.Count, _decode, ManyVoices);
        _crew.Run(_mixed.Length, _mix, ManyRooms);
        ListListening();
        _crew.Run(_apart.Count + (_together.Count + Handful - 1) / Handful, _send, ManyOutputs);
    }

    private void ListTalking()
    {
        _talking.Clear();
        foreach (AudioRoom room in _mixed)
            foreach (Participant person in room.Present)
                if (person.HasVoice) _talking.Add(person);
    }

    private void ListListening()
    {
        _apart.Clear();
        _together.Clear();
        foreach (AudioRoom room in _mixed)
            foreach (Participant person in room.Present)
                if (person.Listener.NeedsWork) _apart.Add((room, person));
                else if (person.Listener.GetsShared && room.SharedFor(person).Sends) _together.Add((room, person));
    }

    // First the work, then the handfuls: the cores end at about the same time.
    private void Send(int item)
    {
        if (item < _apart.Count)
        {
            _apart[item].Room.Send(_apart[item].Person, _datagrams);
            return;
        }
        int from = (item - _apart.Count) * Handful, to = Math.Min(from + Handful, _together.Count);
        for (int i = from; i < to; i++) _together[i].Room.Send(_together[i].Person, _datagrams);
    }

    private AudioRoom Open(string name) => new(name, _codec, _options);

    /// <summary>After the last tick.</summary>
    public void Dispose()
    {
        foreach (Peer peer in _people.Keys) Remove(peer);
        while (_left.TryDequeue(out IDisposable? left)) left.Dispose();
        _crew.Dispose();
    }
}

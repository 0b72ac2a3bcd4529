using System.Collections.Concurrent;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>All rooms of the hub. People come and go on any thread; ticks are for one, and spread their work over the cores.</summary>
internal sealed class Mixer : IDisposable
{
    private const int MostHelpers = 15;

    private readonly IOpusCodec _codec;
    private readonly MediaOptions _options;
    private readonly TimeProvider _time;
    private readonly Crew _crew;
    private readonly Action<int> _decode, _mix, _send;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Peer, Participant> _people = new();
    // What left is disposed between two ticks, since the running one may still use it.
    private readonly ConcurrentQueue<IDisposable> _left = new();
    private volatile AudioRoom[] _rooms = [];
    private AudioRoom[] _mixed = []; // in this tick
    private (AudioRoom Room, Participant Person)[] _everybody = new (AudioRoom, Participant)[16]; // in this tick
    private IServerDatagrams _datagrams = null!;

    public Mixer(IOpusCodec codec, MediaOptions options, TimeProvider time)
    {
        (_codec, _options, _time) = (codec, options, time);
        _crew = new Crew(Math.Min(Environment.ProcessorCount - 1, MostHelpers));
        _decode = i => _everybody[i].Person.Decode();
        _mix = i => _mixed[i].Mix();
        _send = i => _everybody[i].Room.Send(_everybody[i].Person, _datagrams);
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

    /// <summary>Mixes 20 ms of every room and sends them. Allocates nothing.</summary>
    public void Tick(IServerDatagrams datagrams)
    {
        while (_left.TryDequeue(out IDisposable? left)) left.Dispose();
        (_mixed, _datagrams) = (_rooms, datagrams);
        int count = 0;
        foreach (AudioRoom room in _mixed)
        {
            room.Begin();
            foreach (Participant person in room.Present) Note(count++, room, person);
        }
        _crew.Run(count, _decode);
        _crew.Run(_mixed.Length, _mix);
        _crew.Run(count, _send);
    }

    private void Note(int index, AudioRoom room, Participant person)
    {
        if (index == _everybody.Length) Array.Resize(ref _everybody, 2 * index);
        _everybody[index] = (room, person);
    }

    private AudioRoom Open(string name) => new(name, _codec.CreateEncoder(_options.Bitrate, _options.Complexity), _options.Loudest);

    /// <summary>After the last tick.</summary>
    public void Dispose()
    {
        foreach (Peer peer in _people.Keys) Remove(peer);
        while (_left.TryDequeue(out IDisposable? left)) left.Dispose();
        _crew.Dispose();
    }
}

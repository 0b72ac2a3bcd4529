using System.Collections.Concurrent;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>All rooms of the hub. People come and go on any thread; ticks are for one.</summary>
internal sealed class Mixer(IOpusCodec codec, MediaOptions options, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Peer, Participant> _people = new();
    // What left is disposed between two ticks, since the running one may still use it.
    private readonly ConcurrentQueue<IDisposable> _left = new();
    private volatile AudioRoom[] _rooms = [];

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
            if (room is null) _rooms = [.. _rooms, room = new AudioRoom(peer.Room, codec.CreateEncoder(options.Bitrate, options.Complexity))];
            var person = new Participant(peer, codec, options, time);
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

    /// <summary>Mixes 20 ms of every room.</summary>
    public void Tick(IServerDatagrams datagrams)
    {
        while (_left.TryDequeue(out IDisposable? left)) left.Dispose();
        foreach (AudioRoom room in _rooms) room.Tick(datagrams);
    }

    /// <summary>After the last tick.</summary>
    public void Dispose()
    {
        foreach (Peer peer in _people.Keys) Remove(peer);
        while (_left.TryDequeue(out IDisposable? left)) left.Dispose();
    }
}

namespace LanCollab.Plugins.Media;

/// <summary>Who has spoken last, in each room: told by the sound half, asked by the picture half. For any thread.</summary>
internal sealed class SpeechOrder
{
    // A cough is no speech: the loudest person comes to the front with the second announcement in a row, 0.2 s apart.
    private const int Enough = 2;
    private const int MostRemembered = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);

    /// <summary>Who is the loudest in a room at this moment; null when nobody talks.</summary>
    public void Note(string room, string? loudest)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(room, out Room? known)) _rooms[room] = known = new Room();
            known.Note(loudest);
        }
    }

    /// <summary>Those who have spoken, the last one first.</summary>
    public string[] Of(string room)
    {
        lock (_gate) return _rooms.TryGetValue(room, out Room? known) ? [.. known.Order] : [];
    }

    /// <summary>Nobody is in the room any more.</summary>
    public void Forget(string room)
    {
        lock (_gate) _rooms.Remove(room);
    }

    private sealed class Room
    {
        private string? _candidate;
        private int _times;

        public List<string> Order { get; } = [];

        public void Note(string? loudest)
        {
            _times = loudest == _candidate ? _times + 1 : 1;
            _candidate = loudest;
            if (loudest is null || _times < Enough || (Order.Count > 0 && Order[0] == loudest)) return;
            Order.Remove(loudest);
            Order.Insert(0, loudest);
            if (Order.Count > MostRemembered) Order.RemoveAt(MostRemembered);
        }
    }
}

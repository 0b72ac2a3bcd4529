using LanCollab.Plugins.Media.Audio.Mix;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Finds people who sit in one physical room: their microphones' levels rise and fall together. Looks at the levels in the packets of the last seconds
/// (nothing is decoded), one pair of a room in each beat; a pair is named once.
/// </summary>
internal sealed class Acquaintance
{
    private const int Window = LevelHistory.Length;
    private const int MaxLag = 5; // frames: two microphones' sound comes at different times
    private const int MostPeople = 32; // of a room: beyond that pairs take too long to come round
    private const int MostNamed = 1000;
    private const double Alike = 0.85;
    private const double Lively = 36; // dB squared: who is silent or hums is like everybody

    private readonly HashSet<(string, string)> _named = [];

    /// <summary>Takes note of a room's beat.</summary>
    /// <returns>The two, when a pair has been found.</returns>
    public string[]? Note(AudioRoom room)
    {
        Participant[] people = room.Present;
        if (people.Length is < 2 or > MostPeople) return null;
        foreach (Participant person in people) person.Levels.Add(person.HasVoice ? person.Level : AudioLevel.Inaudible);
        (Participant one, Participant other) = room.NextPair();
        if (one == other || one.Group is not null && one.Group == other.Group) return null;
        (string, string) pair = string.CompareOrdinal(one.Peer.Id, other.Peer.Id) < 0 ? (one.Peer.Id, other.Peer.Id) : (other.Peer.Id, one.Peer.Id);
        if (_named.Contains(pair) || !AreAlike(one.Levels, other.Levels)) return null;
        if (_named.Count >= MostNamed) _named.Clear();
        _named.Add(pair);
        return [pair.Item1, pair.Item2];
    }

    private static bool AreAlike(LevelHistory one, LevelHistory other)
    {
        for (int lag = -MaxLag; lag <= MaxLag; lag++)
            if (Correlation(one, other, lag) > Alike) return true;
        return false;
    }

    // Pearson's, of levels in dB.
    private static double Correlation(LevelHistory one, LevelHistory other, int lag)
    {
        if (!one.IsFull || !other.IsFull) return 0;
        double n = Window - 2 * MaxLag, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
        for (int i = MaxLag; i < Window - MaxLag; i++)
        {
            double a = one[i], b = other[i + lag];
            (x, y, xx, yy, xy) = (x + a, y + b, xx + a * a, yy + b * b, xy + a * b);
        }
        double varianceX = xx / n - x / n * (x / n), varianceY = yy / n - y / n * (y / n);
        return varianceX < Lively || varianceY < Lively ? 0 : (xy / n - x / n * (y / n)) / Math.Sqrt(varianceX * varianceY);
    }
}

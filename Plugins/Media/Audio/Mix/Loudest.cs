namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// Who of those that have something to say is heard: the N loudest, and of people who sit in one room only the one with the best microphone. Who is
/// heard stays so unless somebody is clearly louder. Decided by the levels in the packets' headers; nothing is decoded for it.
/// </summary>
internal sealed class Loudest(int atFirst)
{
    /// <summary>dB by which another must be louder to take somebody's place.</summary>
    public const int Hysteresis = 6;

    private static readonly Comparison<Participant> LouderFirst = (a, b) => b.Rank.CompareTo(a.Rank);

    private Participant[] _candidates = new Participant[16];
    private int _count;

    /// <summary>So many are heard at a time; 0: everybody. May change at any time.</summary>
    public int Most { get; set; } = atFirst;

    /// <summary>Sets <see cref="Participant.IsSelected"/> of everybody.</summary>
    public void Select(Participant[] people)
    {
        _count = 0;
        foreach (Participant person in people)
        {
            bool candidate = person.HasVoice;
            person.Rank = candidate ? person.Loudness + (person.IsSelected ? Hysteresis : 0) : 0;
            person.IsSelected = false;
            if (candidate) Add(person);
        }
        Span<Participant> candidates = _candidates.AsSpan(0, _count);
        candidates.Sort(LouderFirst);
        int limit = Most is > 0 and var most ? most : int.MaxValue;
        for (int i = 0, heard = 0; i < candidates.Length && heard < limit; i++)
        {
            if (IsCovered(candidates, i)) continue;
            candidates[i].IsSelected = true;
            heard++;
        }
    }

    private void Add(Participant person)
    {
        if (_count == _candidates.Length) Array.Resize(ref _candidates, 2 * _count);
        _candidates[_count++] = person;
    }

    // Somebody with a better microphone sits in the same room.
    private static bool IsCovered(ReadOnlySpan<Participant> candidates, int which)
    {
        if (candidates[which].Group is not { } group) return false;
        for (int i = 0; i < which; i++)
            if (candidates[i].IsSelected && candidates[i].Group == group) return true;
        return false;
    }
}

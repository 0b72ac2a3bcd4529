namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>What is heard in a room in one tick: the voices, and their sum.</summary>
internal sealed class RoomMix
{
    private Sound _sum = new();
    private Sound _before = new();
    private (Participant Person, Sound Sound)[] _heard = new (Participant, Sound)[8];

    /// <summary>How many voices and shared sounds are heard.</summary>
    public int Count { get; private set; }

    /// <summary>The room's clock, in samples: all its streams have it.</summary>
    public uint Timestamp { get; private set; } = (uint)Random.Shared.NextInt64();

    /// <summary>Adds up those who are heard. What two channels cost is paid only while somebody has two.</summary>
    public void Sum(Participant[] people)
    {
        (_before, _sum) = (_sum, _before);
        _sum.Clear();
        Count = 0;
        Timestamp += AudioFormat.FrameSize;
        foreach (Participant person in people)
        {
            if (person.IsHeard) Add(person, person.Voice);
            if (person.Sound is { IsHeard: true } shared) Add(person, shared.Sound);
        }
    }

    private void Add(Participant person, Sound sound)
    {
        if (Count == _heard.Length) Array.Resize(ref _heard, 2 * Count);
        _heard[Count++] = (person, sound);
        _sum.Add(sound);
    }

    /// <summary>Writes the sum.</summary>
    public void WriteTo(Sound mix) => mix.Take(_sum);

    /// <summary>Writes the sum of the tick before.</summary>
    public void WriteBefore(Sound mix) => mix.Take(_before);

    /// <summary>True when somebody's mix is another one than the sum.</summary>
    public bool IsSpecialFor(Participant person)
    {
        if (person.IsHeard || person.Sound is { IsHeard: true }) return true;
        if (person.Group is null && person.Listener.Gains is null) return false;
        for (int i = 0; i < Count; i++)
            if (FactorOf(_heard[i].Person, person) != 1) return true;
        return false;
    }

    /// <summary>Writes what one person hears: the sum, without themselves and those beside them, with others as loud as they want them.</summary>
    /// <returns>False when there is nothing to hear; then it is not written.</returns>
    public bool WriteFor(Participant person, Sound mix)
    {
        int audible = Count;
        for (int i = 0; i < Count; i++)
            if (FactorOf(_heard[i].Person, person) == 0) audible--;
        if (audible == 0) return false;
        WriteTo(mix);
        for (int i = 0; i < Count; i++)
            if (FactorOf(_heard[i].Person, person) is var factor and not 1) mix.Add(_heard[i].Sound, factor - 1);
        return true;
    }

    private static float FactorOf(Participant voice, Participant ears)
    {
        if (voice == ears || voice.Group is not null && voice.Group == ears.Group) return 0;
        return ears.Listener.Gains is { } gains && gains.TryGetValue(voice.Peer.Id, out float gain) ? gain : 1;
    }
}

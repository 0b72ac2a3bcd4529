namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>What is heard in a room in one tick: the voices, and their sum.</summary>
internal sealed class RoomMix
{
    private float[] _sum = new float[AudioFormat.FrameSize];
    private float[] _before = new float[AudioFormat.FrameSize];
    private (Participant Person, float[] Samples)[] _heard = new (Participant, float[])[8];

    /// <summary>How many voices and shared sounds are heard.</summary>
    public int Count { get; private set; }

    /// <summary>The room's clock, in samples: all its streams have it.</summary>
    public uint Timestamp { get; private set; } = (uint)Random.Shared.NextInt64();

    /// <summary>Adds up those who are heard.</summary>
    public void Sum(Participant[] people)
    {
        (_before, _sum) = (_sum, _before);
        Array.Clear(_sum);
        Count = 0;
        Timestamp += AudioFormat.FrameSize;
        foreach (Participant person in people)
        {
            if (person.IsHeard) Add(person, person.Voice);
            if (person.Sound is { IsHeard: true } sound) Add(person, sound.Samples);
        }
    }

    private void Add(Participant person, float[] samples)
    {
        if (Count == _heard.Length) Array.Resize(ref _heard, 2 * Count);
        _heard[Count++] = (person, samples);
        Samples.Add(_sum, samples);
    }

    /// <summary>Writes the sum.</summary>
    public void WriteTo(float[] frame) => _sum.CopyTo(frame, 0);

    /// <summary>Writes the sum of the tick before.</summary>
    public void WriteBefore(float[] frame) => _before.CopyTo(frame, 0);

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
    /// <returns>False when there is nothing to hear; then the frame is not written.</returns>
    public bool WriteFor(Participant person, float[] frame)
    {
        int audible = Count;
        for (int i = 0; i < Count; i++)
            if (FactorOf(_heard[i].Person, person) == 0) audible--;
        if (audible == 0) return false;
        WriteTo(frame);
        for (int i = 0; i < Count; i++)
            if (FactorOf(_heard[i].Person, person) is var factor and not 1) Samples.AddScaled(frame, _heard[i].Samples, factor - 1);
        return true;
    }

    private static float FactorOf(Participant voice, Participant ears)
    {
        if (voice == ears || voice.Group is not null && voice.Group == ears.Group) return 0;
        return ears.Listener.Gains is { } gains && gains.TryGetValue(voice.Peer.Id, out float gain) ? gain : 1;
    }
}

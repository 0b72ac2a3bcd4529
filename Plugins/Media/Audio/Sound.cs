namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// A moment of sound: the middle of both channels and, where there are two, half their difference (A. Blumlein's sum and difference): left is middle + side, right is
/// middle - side. Whoever wants one channel takes the middle and never touches the rest.
/// </summary>
internal sealed class Sound
{
    private readonly float[] _mid = new float[AudioFormat.FrameSize];
    private float[]? _side; // made for the first two-channel sound: most never have one

    /// <summary>Samples of each: 960, or 480 for half a frame.</summary>
    public int Length { get; set; } = AudioFormat.FrameSize;

    /// <summary>The middle.</summary>
    public Span<float> Mid => _mid.AsSpan(0, Length);

    /// <summary>Half the difference; meaningful while <see cref="IsStereo"/>.</summary>
    public Span<float> Side => (_side ??= new float[AudioFormat.FrameSize]).AsSpan(0, Length);

    /// <summary>True when there are two channels.</summary>
    public bool IsStereo { get; set; }

    /// <summary>True: it takes no more of others than their middle.</summary>
    public bool IsNarrow { get; init; }

    /// <summary>Silence of one channel.</summary>
    public void Clear()
    {
        Mid.Clear();
        IsStereo = false;
    }

    /// <summary>Takes two channels.</summary>
    /// <param name="pairs">Left and right by turns.</param>
    public void Set(ReadOnlySpan<float> pairs)
    {
        IsStereo = true;
        Samples.Split(pairs, Mid, Side);
    }

    /// <summary>Gives two channels, which are the same when there is only one.</summary>
    /// <param name="pairs">Left and right by turns.</param>
    public void WriteTo(Span<float> pairs)
    {
        if (IsStereo) Samples.Join(Mid, Side, pairs);
        else Samples.Double(Mid, pairs);
    }

    /// <summary>Writes a part of it.</summary>
    /// <param name="at">Where that begins.</param>
    /// <param name="part">A shorter one.</param>
    public void Put(int at, Sound part)
    {
        part.Mid.CopyTo(Mid[at..]);
        if (part.IsStereo) Widen();
        if (IsStereo) part.Widen();
        if (IsStereo) part.Side.CopyTo(Side[at..]);
    }

    /// <summary>Goes over to another one in the course of its length.</summary>
    public void CrossFade(Sound to)
    {
        Samples.CrossFade(Mid, to.Mid);
        if (!IsStereo && !to.IsStereo) return;
        Widen();
        to.Widen();
        Samples.CrossFade(Side, to.Side);
    }

    /// <summary>Becomes another one, or its middle.</summary>
    public void Take(Sound other)
    {
        other.Mid.CopyTo(Mid);
        IsStereo = other.IsStereo && !IsNarrow;
        if (IsStereo) other.Side.CopyTo(Side);
    }

    /// <summary>Adds another one, or its middle.</summary>
    public void Add(Sound other)
    {
        Samples.Add(Mid, other.Mid);
        if (!other.IsStereo || IsNarrow) return;
        Widen();
        Samples.Add(Side, other.Side);
    }

    /// <summary>Adds another one times a factor, or its middle.</summary>
    public void Add(Sound other, float factor)
    {
        Samples.AddScaled(Mid, other.Mid, factor);
        if (!other.IsStereo || IsNarrow) return;
        Widen();
        Samples.AddScaled(Side, other.Side, factor);
    }

    /// <summary>Out of silence.</summary>
    public void FadeIn()
    {
        Samples.FadeIn(Mid);
        if (IsStereo) Samples.FadeIn(Side);
    }

    /// <summary>Into silence.</summary>
    public void FadeOut()
    {
        Samples.FadeOut(Mid);
        if (IsStereo) Samples.FadeOut(Side);
    }

    private void Widen()
    {
        if (!IsStereo) Side.Clear();
        IsStereo = true;
    }
}

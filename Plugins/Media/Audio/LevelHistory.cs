namespace LanCollab.Plugins.Media.Audio;

/// <summary>The levels of somebody's last frames, in -dBov, the oldest first.</summary>
internal sealed class LevelHistory
{
    /// <summary>Frames: 5 s.</summary>
    public const int Length = 250;

    private readonly byte[] _levels = new byte[Length];
    private int _at, _count;

    /// <summary>True when all of it is there.</summary>
    public bool IsFull => _count == Length;

    /// <summary>One of them.</summary>
    public byte this[int index] => _levels[(_at + index) % Length];

    /// <summary>The newest pushes out the oldest.</summary>
    public void Add(byte level)
    {
        _levels[_at] = level;
        _at = (_at + 1) % Length;
        _count = Math.Min(_count + 1, Length);
    }
}

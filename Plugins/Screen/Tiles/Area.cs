namespace LanCollab.Plugins.Screen;

/// <summary>A rectangle of a picture, in pixels from its top left.</summary>
internal readonly record struct Area(int X, int Y, int Width, int Height)
{
    /// <summary>The column after its last one.</summary>
    public int Right => X + Width;

    /// <summary>The row after its last one.</summary>
    public int Bottom => Y + Height;

    /// <summary>How many pixels it has.</summary>
    public int Pixels => Width * Height;

    /// <summary>True when it has none.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>From edges instead of sizes.</summary>
    public static Area Between(int left, int top, int right, int bottom) => new(left, top, right - left, bottom - top);

    /// <summary>What both have; may be empty.</summary>
    public Area Intersect(Area other) =>
        Between(Math.Max(X, other.X), Math.Max(Y, other.Y), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));

    /// <summary>The smallest that has both.</summary>
    public Area Union(Area other) =>
        Between(Math.Min(X, other.X), Math.Min(Y, other.Y), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    /// <summary>The same, elsewhere.</summary>
    public Area Moved(int dx, int dy) => this with { X = X + dx, Y = Y + dy };

    /// <summary>True when all of the other lies within.</summary>
    public bool Covers(Area other) => other.X >= X && other.Y >= Y && other.Right <= Right && other.Bottom <= Bottom;
}

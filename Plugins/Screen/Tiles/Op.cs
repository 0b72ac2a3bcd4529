namespace LanCollab.Plugins.Screen;

/// <summary>What an operation does.</summary>
internal enum OpKind : byte
{
    /// <summary>Shows an image, or a window onto it.</summary>
    Image = 1,

    /// <summary>Fills with one colour.</summary>
    Fill = 2,

    /// <summary>Shows what stands elsewhere in the picture.</summary>
    Copy = 3,

    /// <summary>On the wire only: as <see cref="Image"/>, with an image that this update has brought already.</summary>
    Again = 4,
}

/// <summary>One change of a picture. Those of an update are done one after the other.</summary>
/// <param name="Kind">Image, fill or copy.</param>
/// <param name="At">What it changes.</param>
/// <param name="Image">Of an image.</param>
/// <param name="FromX">Where the window's left edge lies in the image, or the source's in the picture.</param>
/// <param name="FromY">The same for the top edge.</param>
/// <param name="Colour">Of a fill: 0xRRGGBB.</param>
internal readonly record struct Op(OpKind Kind, Area At, EncodedImage? Image, int FromX, int FromY, uint Colour)
{
    public static Op Draw(Area at, EncodedImage image, int cropX = 0, int cropY = 0) => new(OpKind.Image, at, image, cropX, cropY, 0);

    public static Op Fill(Area at, uint colour) => new(OpKind.Fill, at, null, 0, 0, colour);

    public static Op Copy(Area to, int fromX, int fromY) => new(OpKind.Copy, to, null, fromX, fromY, 0);

    /// <summary>What a copy reads.</summary>
    public Area Source => At with { X = FromX, Y = FromY };

    /// <summary>The part of it within another area, as an operation of its own.</summary>
    public Op Within(Area part) => this with { At = part, FromX = FromX + part.X - At.X, FromY = FromY + part.Y - At.Y };
}

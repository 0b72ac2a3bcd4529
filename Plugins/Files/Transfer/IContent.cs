namespace LanCollab.Plugins.Files;

/// <summary>The bytes of what is shared, wherever they lie: one file, or all files of a folder one after the other. Reads may come from several threads.</summary>
internal interface IContent : IDisposable
{
    /// <summary>Bytes.</summary>
    long Size { get; }

    /// <summary>Reads a part, whole.</summary>
    /// <exception cref="EndOfStreamException">It is shorter than it was.</exception>
    void Read(long offset, Memory<byte> target);
}

/// <summary>Where a content goes. Writes may come from several threads, in any order.</summary>
internal interface IContentTarget : IContent
{
    /// <summary>How much may be there already, from the beginning.</summary>
    long Existing { get; }

    /// <summary>Writes a part.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    void Write(long offset, ReadOnlyMemory<byte> data);

    /// <summary>Makes all of it last.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    void Flush();
}

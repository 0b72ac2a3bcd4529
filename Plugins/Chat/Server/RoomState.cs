namespace LanCollab.Plugins.Chat.Server;

/// <summary>What the writer knows of a room by heart.</summary>
internal sealed class RoomState(long id, long last, long indexed)
{
    /// <summary>Its number in the file.</summary>
    public long Id => id;

    /// <summary>The highest number given out.</summary>
    public long Last { get; set; } = last;

    /// <summary>Lines up to here are in the search index.</summary>
    public long Indexed { get; set; } = indexed;

    /// <summary>The key of an entry.</summary>
    public long Entry(long seq) => ChatSchema.Id(id, seq);
}

namespace LanCollab.Contracts;

/// <summary>What a frame's payload is.</summary>
public enum FrameKind : byte
{
    /// <summary>UTF-8 JSON, an envelope as in <see cref="MessageSet"/>.</summary>
    Json = 0,

    /// <summary>Bytes whose layout the service defines.</summary>
    Binary = 1,
}

/// <summary>One frame of a channel.</summary>
/// <param name="Kind">JSON or binary.</param>
/// <param name="Payload">
/// Of a received frame: valid until the next receive on that channel. Of a sent one: not to be changed until it has been sent; one payload
/// may be posted to any number of channels.
/// </param>
public readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Payload);

/// <summary>Usual limits of a payload, in bytes (RELIABILITY A4).</summary>
public static class FrameLimits
{
    /// <summary>The first frame of a connection, before anybody is known.</summary>
    public const int Hello = 4 * 1024;

    /// <summary>Control messages and chat.</summary>
    public const int Control = 64 * 1024;

    /// <summary>One block of a file and its header.</summary>
    public const int Block = 1024 * 1024 + 1024;

    /// <summary>Screen tiles.</summary>
    public const int Tiles = 2 * 1024 * 1024;
}

namespace LanCollab.Plugins.Media.Video;

/// <summary>Cuts an encoded frame into packets. Allocates nothing: the caller lends one packet's space.</summary>
internal static class Fragmenter
{
    /// <summary>How many packets a frame of that many bytes needs.</summary>
    public static int Count(int bytes) => (bytes + VideoHeader.FragmentBytes - 1) / VideoHeader.FragmentBytes;

    /// <summary>Writes packet number <paramref name="fragment"/> of a frame.</summary>
    /// <param name="frame">The frame's header; its fragment fields are filled here.</param>
    /// <param name="bytes">The whole encoded frame, 1 to <see cref="VideoHeader.MaxFrameBytes"/>.</param>
    /// <param name="fragment">0 up to <see cref="Count"/>.</param>
    /// <param name="packet">At least <see cref="Contracts.DatagramLimits.MaxPayload"/> bytes.</param>
    /// <returns>The packet's length in bytes.</returns>
    public static int Write(in VideoHeader frame, ReadOnlySpan<byte> bytes, int fragment, Span<byte> packet)
    {
        ReadOnlySpan<byte> part = bytes[(fragment * VideoHeader.FragmentBytes)..];
        if (part.Length > VideoHeader.FragmentBytes) part = part[..VideoHeader.FragmentBytes];
        (frame with { Fragment = (ushort)fragment, Fragments = (ushort)Count(bytes.Length) }).Write(packet);
        part.CopyTo(packet[VideoHeader.Bytes..]);
        return VideoHeader.Bytes + part.Length;
    }
}

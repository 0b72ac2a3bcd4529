using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The pages that show video. A page that does not keep up misses frames; a VP8 decoder there can then only go on with a key frame, as can
/// one on a page that has just come. For one thread at a time.
/// </summary>
internal sealed class VideoScreens(IBinaryLane lane)
{
    private readonly Dictionary<IPage, HashSet<uint>> _inStep = [];

    /// <summary>A page has come.</summary>
    public void Add(IPage page) => _inStep[page] = [];

    /// <summary>A page has gone.</summary>
    public void Remove(IPage page) => _inStep.Remove(page);

    /// <summary>A stream has ended.</summary>
    public void Forget(uint stream)
    {
        foreach (HashSet<uint> streams in _inStep.Values) streams.Remove(stream);
    }

    /// <summary>Hands a whole frame to all pages.</summary>
    /// <param name="header">Fragment 0 of 1.</param>
    /// <param name="bytes">The frame.</param>
    /// <param name="keyFrameNeeded">Set when a page can do nothing with it without a key frame.</param>
    /// <returns>True when a page took it, or there is none.</returns>
    public bool Show(in VideoHeader header, ReadOnlySpan<byte> bytes, out bool keyFrameNeeded)
    {
        keyFrameNeeded = false;
        if (_inStep.Count == 0) return true;
        byte[] message = new byte[VideoHeader.Bytes + bytes.Length];
        header.Write(message);
        bytes.CopyTo(message.AsSpan(VideoHeader.Bytes));
        bool taken = false;
        foreach ((IPage page, HashSet<uint> inStep) in _inStep)
        {
            if (TrySend(page, inStep, header, message)) taken = true;
            else keyFrameNeeded |= header.Codec == VideoCodec.Vp8;
        }
        return taken;
    }

    private bool TrySend(IPage page, HashSet<uint> inStep, in VideoHeader header, byte[] message)
    {
        if (!header.Key && !inStep.Contains(header.Stream)) return false;
        if (page.TrySend(lane, message))
        {
            inStep.Add(header.Stream);
            return true;
        }
        inStep.Remove(header.Stream);
        return false;
    }
}

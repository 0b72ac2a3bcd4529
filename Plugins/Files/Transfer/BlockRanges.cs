using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Sets of blocks on the wire: ranges of first and last.</summary>
internal static class BlockRanges
{
    /// <summary>Ascending numbers as ranges.</summary>
    public static int[][] Of(IEnumerable<int> blocks)
    {
        var ranges = new List<int[]>();
        foreach (int block in blocks)
        {
            if (ranges is [.., var last] && last[1] == block - 1) last[1] = block;
            else ranges.Add([block, block]);
        }
        return [.. ranges];
    }

    /// <summary>The numbers again.</summary>
    /// <param name="ranges">From the wire.</param>
    /// <param name="count">Of the content's blocks.</param>
    /// <exception cref="ProtocolErrorException">A range is none, or goes beyond the content.</exception>
    public static IEnumerable<int> Blocks(int[][] ranges, int count)
    {
        foreach (int[] range in ranges)
        {
            if (range is not [int first, int last] || first < 0 || last < first || last >= count)
                throw new ProtocolErrorException($"[{string.Join(',', range)}] is no range of blocks; there are {count}.");
            for (int block = first; block <= last; block++) yield return block;
        }
    }
}

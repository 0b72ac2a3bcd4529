using LanCollab.Plugins.Files;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Files;

public class BlockTests
{
    private const long Size = 2_500_000;

    [Theory]
    [InlineData(0, BlockLayout.Size)]
    [InlineData(1, BlockLayout.Size)]
    [InlineData(2, 402_848)]
    public void A_block_reads_as_it_was_written(int block, int length)
    {
        byte[] frame = new byte[BlockLayout.DataAt + length];
        BlockLayout.WriteHeader(frame, block);
        frame[^1] = 7;
        (int read, ReadOnlyMemory<byte> data) = BlockLayout.Read(frame, Size);
        Assert.Equal((block, length, 7), (read, data.Length, data.Span[^1]));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, BlockLayout.Size + 1)]
    [InlineData(2, BlockLayout.Size)]
    [InlineData(3, 1)]
    [InlineData(-1, 1)]
    public void A_block_of_another_length_or_beyond_the_end_is_a_protocol_error(int block, int length)
    {
        byte[] frame = new byte[BlockLayout.DataAt + length];
        BlockLayout.WriteHeader(frame, block);
        Assert.Throws<ProtocolErrorException>(() => BlockLayout.Read(frame, Size));
    }

    [Fact]
    public void Ranges_read_as_they_were_written()
    {
        int[] blocks = [0, 1, 2, 5, 7, 8];
        int[][] ranges = BlockRanges.Of(blocks);
        Assert.Equal([[0, 2], [5, 5], [7, 8]], ranges);
        Assert.Equal(blocks, BlockRanges.Blocks(ranges, 9));
        Assert.Throws<ProtocolErrorException>(() => BlockRanges.Blocks(ranges, 8).Count());
        Assert.Throws<ProtocolErrorException>(() => BlockRanges.Blocks([[1]], 8).Count());
    }

    [Fact]
    public void Hashes_read_as_they_were_written()
    {
        BlockHash[] hashes = [BlockHash.Of([1]), BlockHash.Of([2])];
        Assert.Equal(hashes, BlockHash.Unpack(BlockHash.Pack(hashes)));
        Assert.Equal("4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a", hashes[0].ToString());
        Assert.Equal(hashes[1], BlockHash.Read(hashes[1].ToArray()));
        Assert.Throws<UserErrorException>(() => BlockHash.Unpack("AAAA"));
        // As xxh128sum says it of nothing.
        Assert.Equal("99aa06d3014798d86001c324468d497f", Convert.ToHexStringLower(BlockChecksum.Of([]).ToArray()));
        BlockChecksum[] sums = [BlockChecksum.Of([1]), BlockChecksum.Of([2])];
        Assert.Equal(sums, PackedValues.Unpack<BlockChecksum>(PackedValues.Pack<BlockChecksum>(sums), "xxh128"));
        Assert.Equal(sums[1], BlockChecksum.Read(sums[1].ToArray()));
    }

    [Theory]
    [InlineData(null, 0, 1000, true)]
    [InlineData("bytes=0-", 0, 1000, false)]
    [InlineData("bytes=10-19", 10, 20, false)]
    [InlineData("bytes=990-2000", 990, 1000, false)]
    [InlineData("bytes=-10", 990, 1000, false)]
    [InlineData("bytes=-2000", 0, 1000, false)]
    [InlineData("bytes=5-4", 0, 1000, true)]
    [InlineData("bytes=0-1,4-5", 0, 1000, true)]
    [InlineData("bytes=a-b", 0, 1000, true)]
    [InlineData("bytes=-", 0, 1000, true)]
    [InlineData("lines=1-2", 0, 1000, true)]
    [InlineData("bytes=99999999999999999999-", 0, 1000, true)]
    public void A_range_header_gives_its_part(string? header, long from, long to, bool whole) => Assert.Equal(new ByteRange(from, to, whole), ByteRange.Parse(header, 1000));

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=-0")]
    public void A_part_outside_of_the_file_is_told_as_such(string header) => Assert.Null(ByteRange.Parse(header, 1000));

    [Fact]
    public async Task A_paced_stream_waits_for_its_time_and_saves_none()
    {
        var time = new FakeTimeProvider();
        var pace = new Pace(1000, time);
        CancellationToken token = TestContext.Current.CancellationToken;
        await pace.TakeAsync(500, token);
        Task next = pace.TakeAsync(500, token).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await next;
        time.Advance(TimeSpan.FromMinutes(1));
        await pace.TakeAsync(500, token);
        Assert.False(pace.TakeAsync(500, token).AsTask().IsCompleted);
    }
}

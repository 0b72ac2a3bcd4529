using System.Security.Cryptography;
using CsCheck;
using LanCollab.Plugins.Files;

namespace LanCollab.Tests.Plugins.Files;

public class Sha256PairTests
{
    [Fact]
    public void Two_blocks_of_whatever_lengths_have_the_hashes_that_the_runtime_gives() =>
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 400], Gen.Bool, Gen.Int).Sample((a, b, same, seed) =>
        {
            var random = new Random(seed);
            byte[] first = Bytes(random, a), second = Bytes(random, same ? a : b);
            Assert.Equal((Plain(first), Plain(second)), Sha256Pair.Of(first, second));
        }, iter: ModelTests.Cases(5000));

    [Fact]
    public void Whole_blocks_have_their_hashes_and_no_byte_is_left_out()
    {
        var random = new Random(11);
        byte[] first = Bytes(random, BlockLayout.Size), second = Bytes(random, BlockLayout.Size);
        for (int i = 0; i < 20; i++)
        {
            first[random.Next(first.Length)]++;
            second[random.Next(second.Length)]++;
            Assert.Equal((Plain(first), Plain(second)), Sha256Pair.Of(first, second));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_running_hash_is_that_of_all_blocks_whatever_their_lengths_with_the_processor_and_without(bool paired) =>
        Gen.Select(Gen.Int[0, 300].Array[0, 12], Gen.Bool, Gen.Int).Sample((lengths, aligned, seed) =>
        {
            var random = new Random(seed);
            byte[][] blocks = [.. lengths.Select(length => Bytes(random, aligned ? length / 64 * 64 : length))];
            using var running = new RunningHash(paired);
            foreach (byte[] block in blocks)
            {
                if (random.Next(3) == 0) running.Append(block);
                else Assert.Equal(Plain(block), running.AppendAndHash(block));
                if (random.Next(3) == 0) running.Current();
            }
            Assert.Equal(Plain([.. blocks.SelectMany(block => block)]), running.Current());
        }, iter: ModelTests.Cases(3000));

    [Fact]
    public void Only_whole_chunks_of_equal_number_are_taken_in() => Assert.Throws<ArgumentException>(() =>
    {
        Sha256State first = Sha256State.Initial, second = Sha256State.Initial;
        Sha256Pair.TakeIn(ref first, new byte[64], ref second, new byte[128]);
    });

    private static BlockHash Plain(byte[] content) => BlockHash.Read(SHA256.HashData(content));

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}

using CsCheck;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Tests.Plugins.Media.Video;

public class FrameAssemblyTests
{
    private const int Most = 6 * VideoHeader.FragmentBytes;

    [Fact]
    public void Frames_of_every_length_come_back_as_they_were() =>
        Gen.Int[1, 20 * VideoHeader.FragmentBytes].Sample(length =>
        {
            var assembled = new Assembled();
            byte[] bytes = Packets.Bytes(7, length);
            assembled.Add(Packets.Of(Packets.Header(7), bytes));
            return assembled.Frames is [var frame] && frame.Bytes.AsSpan().SequenceEqual(bytes) && frame.Header == Packets.Header(7) && assembled.Budget.Used == 0;
        }, iter: 300);

    [Fact]
    public void Under_loss_reorder_and_duplication_jpeg_frames_are_right_or_counted_as_lost() =>
        Gen.Int.Sample(seed => Disturbed(seed, VideoCodec.Jpeg), iter: 300);

    [Fact]
    public void Under_loss_reorder_and_duplication_vp8_frames_are_decodable_or_counted_as_lost() =>
        Gen.Int.Sample(seed => Disturbed(seed, VideoCodec.Vp8), iter: 300);

    [Fact]
    public void Reordered_and_doubled_fragments_lose_nothing()
    {
        var assembled = new Assembled();
        List<byte[]> packets = Packets.Of(Packets.Header(1), Packets.Bytes(1, Most));
        assembled.Add(packets.AsEnumerable().Reverse().Skip(1).Concat(packets));
        Assert.Equal(Packets.Bytes(1, Most), Assert.Single(assembled.Frames).Bytes);
    }

    [Fact]
    public void Missing_fragment_costs_one_jpeg_frame_which_is_counted()
    {
        var assembled = new Assembled();
        for (uint frame = 1; frame <= 3; frame++)
            assembled.Add(Packets.Of(Packets.Header(frame), Packets.Bytes(frame, Most)).Skip(frame == 2 ? 1 : 0));
        Assert.Equal([1u, 3u], assembled.Numbers);
        Assert.Equal(1, assembled.Assembly.Lost);
        Assert.Equal(0, assembled.Budget.Used);
    }

    [Fact]
    public void Late_jpeg_frame_is_dropped()
    {
        var assembled = new Assembled();
        assembled.Add(Packets.One(Packets.Header(1)), Packets.One(Packets.Header(3)), Packets.One(Packets.Header(2)));
        Assert.Equal([1u, 3u], assembled.Numbers);
    }

    [Fact]
    public void Vp8_frames_that_overtake_each_other_come_in_order()
    {
        var assembled = new Assembled();
        assembled.MayCome = _ => true;
        foreach (uint frame in new uint[] { 1, 3, 4, 2, 5 }) assembled.Add(Vp8(frame, key: frame == 1));
        Assert.Equal([1u, 2u, 3u, 4u, 5u], assembled.Numbers);
        Assert.Empty(assembled.Asked);
    }

    [Fact]
    public void Vp8_delta_after_a_lost_frame_waits_for_the_next_key_frame()
    {
        var assembled = new Assembled();
        foreach (uint frame in new uint[] { 1, 3, 4, 5, 6, 7, 8, 9 }) assembled.Add(Vp8(frame, key: frame is 1));
        Assert.Equal([1u], assembled.Numbers);
        Assert.NotEmpty(assembled.Asked);
        assembled.Add(Vp8(10, key: true), Vp8(11));
        Assert.Equal([1u, 10u, 11u], assembled.Numbers);
        Assert.Equal(8, assembled.Assembly.Lost);
    }

    [Fact]
    public void Vp8_goes_on_after_a_frame_that_none_needs_was_left_out()
    {
        var assembled = new Assembled();
        VideoHeader delta = Packets.Header(0, VideoCodec.Vp8, key: false);
        assembled.Add(Vp8(1, key: true), Packets.One(delta with { Frame = 3, Back = 2 }), Packets.One(delta with { Frame = 5, Back = 2 }));
        Assert.Equal([1u, 3u, 5u], assembled.Numbers);
        Assert.Empty(assembled.Asked);
        assembled.Add(Packets.One(delta with { Frame = 8, Back = 2 }));
        Assert.Equal([1u, 3u, 5u], assembled.Numbers);
        Assert.NotEmpty(assembled.Asked);
    }

    [Fact]
    public void Frame_waits_while_a_packet_of_an_earlier_one_may_come_and_no_longer()
    {
        var assembled = new Assembled();
        assembled.Add(Packets.One(Packets.Header(1) with { Packet = 1 }));
        assembled.MayCome = before => before > 2;
        assembled.Add(Packets.One(Packets.Header(3) with { Packet = 3 }));
        Assert.Equal([1u], assembled.Numbers);
        assembled.MayCome = _ => false;
        assembled.Assembly.Review();
        Assert.Equal([1u, 3u], assembled.Numbers);
    }

    [Fact]
    public void Fragments_of_two_frames_are_never_mixed()
    {
        var assembled = new Assembled();
        List<byte[]> one = Packets.Of(Packets.Header(1), Packets.Bytes(1, 3000)), other = Packets.Of(Packets.Header(1) with { Timestamp = 9 }, Packets.Bytes(2, 3000));
        assembled.Add(one[0], other[1], one[2]);
        Assert.Empty(assembled.Frames);
        assembled.Add(one[1]);
        Assert.Equal(Packets.Bytes(1, 3000), Assert.Single(assembled.Frames).Bytes);
    }

    [Fact]
    public void Vp8_deltas_before_the_first_key_frame_ask_for_one_and_are_not_lost()
    {
        var assembled = new Assembled();
        assembled.Add(Vp8(5), Vp8(6), Vp8(7, key: true));
        Assert.Equal([7u], assembled.Numbers);
        Assert.Equal([VideoLayer.Large, VideoLayer.Large], assembled.Asked);
        Assert.Equal(0, assembled.Assembly.Lost);
    }

    [Fact]
    public void Other_layer_is_taken_from_its_key_frame_on()
    {
        var assembled = new Assembled();
        assembled.Add(Vp8(1, key: true), Vp8(90, layer: VideoLayer.Small), Vp8(2));
        assembled.Add(Vp8(91, key: true, layer: VideoLayer.Small), Vp8(3), Vp8(92, layer: VideoLayer.Small));
        Assert.Equal([1u, 2u, 91u, 92u], assembled.Numbers);
        Assert.Equal(0, assembled.Assembly.Lost);
    }

    [Fact]
    public void Jpeg_picture_comes_in_one_size_only()
    {
        var assembled = new Assembled();
        foreach (var (frame, layer) in new[] { (1u, VideoLayer.Large), (1u, VideoLayer.Small), (2u, VideoLayer.Large), (2u, VideoLayer.Small), (3u, VideoLayer.Small) })
            assembled.Add(Packets.One(Packets.Header(frame, layer: layer)));
        Assert.Equal([1u, 2u, 3u], assembled.Numbers);
        Assert.Equal(0, assembled.Assembly.Lost);
    }

    [Fact]
    public void Frame_numbers_may_wrap_around()
    {
        var assembled = new Assembled();
        foreach (uint frame in new uint[] { uint.MaxValue - 1, uint.MaxValue, 0, 1 }) assembled.Add(Vp8(frame, key: frame == uint.MaxValue - 1));
        Assert.Equal([uint.MaxValue - 1, uint.MaxValue, 0u, 1u], assembled.Numbers);
        Assert.Equal(0, assembled.Assembly.Lost);
    }

    [Fact]
    public void Hostile_packets_neither_throw_nor_take_memory_without_bounds() =>
        Gen.Select(Gen.Int, Gen.Int[1, 400]).Sample((seed, count) =>
        {
            var assembled = new Assembled();
            var random = new Random(seed);
            for (int i = 0; i < count; i++) assembled.Add(Hostile(random));
            bool bounded = assembled.Budget.Used is >= 0 and <= Assembled.Limit;
            assembled.Assembly.Clear();
            return bounded && assembled.Budget.Used == 0;
        }, iter: 200);

    [Fact]
    public void Budget_of_all_streams_together_holds()
    {
        var budget = new AssemblyBudget(1024 * 1024);
        for (uint stream = 0; stream < 100; stream++)
        {
            var assembly = new FrameAssembly(budget, (in _, _) => Assert.Fail("no frame is whole"), _ => { }, _ => false);
            for (uint frame = 0; frame < 10; frame++)
            {
                byte[] packet = Packets.Of(Packets.Header(frame, stream: stream), new byte[200 * 1024])[0];
                Assert.True(VideoHeader.TryReadPacket(packet, out VideoHeader header));
                assembly.Add(header, packet.AsSpan(VideoHeader.Bytes));
            }
        }
        Assert.InRange(budget.Used, 1, 1024 * 1024);
    }

    private static byte[] Vp8(uint frame, bool key = false, VideoLayer layer = VideoLayer.Large) =>
        Packets.One(Packets.Header(frame, VideoCodec.Vp8, key, layer));

    // Headers that contradict each other, any numbers, and plain noise.
    private static byte[] Hostile(Random random)
    {
        int kind = random.Next(10);
        if (kind == 0) return Packets.Bytes((uint)random.Next(), random.Next(1200));
        var codec = (VideoCodec)random.Next(2);
        var header = new VideoHeader(
            codec, (VideoLayer)random.Next(2), codec == VideoCodec.Jpeg || random.Next(4) == 0, 1,
            kind == 1 ? (uint)random.NextInt64(1L << 32) : (uint)random.Next(12), 0,
            (ushort)random.Next(4), (ushort)(kind == 2 ? 512 : random.Next(1, 5)), (ushort)random.Next(1, 3), 1);
        byte[] packet = new byte[VideoHeader.Bytes + (random.Next(3) == 0 ? random.Next(1, VideoHeader.FragmentBytes) : VideoHeader.FragmentBytes)];
        header.Write(packet);
        return packet;
    }

    private static void Disturbed(int seed, VideoCodec codec)
    {
        var random = new Random(seed);
        var assembled = new Assembled();
        var lengths = Enumerable.Range(0, 60).Select(_ => random.Next(1, Most)).ToArray();
        assembled.Add(Disturb(random, lengths.SelectMany((length, i) =>
            Packets.Of(Packets.Header((uint)i, codec, key: i % 10 == 0), Packets.Bytes((uint)i, length)))));
        foreach (var (header, bytes) in assembled.Frames) Assert.Equal(Packets.Bytes(header.Frame, lengths[header.Frame]), bytes);
        uint[] numbers = assembled.Numbers;
        for (int i = 1; i < numbers.Length; i++)
        {
            Assert.True(numbers[i] > numbers[i - 1], "in order");
            Assert.True(codec == VideoCodec.Jpeg || numbers[i] % 10 == 0 || numbers[i] == numbers[i - 1] + 1, "no delta frame behind a gap");
        }
        if (numbers is [var first, ..] && assembled.Assembly.Layer != VideoLayer.None)
            Assert.Equal(numbers[^1] - first + 1, (uint)(assembled.Assembly.Frames + assembled.Assembly.Lost));
    }

    private static IEnumerable<byte[]> Disturb(Random random, IEnumerable<byte[]> packets)
    {
        List<byte[]> late = [];
        foreach (byte[] packet in packets)
        {
            if (random.NextDouble() < 0.03) continue;
            if (random.NextDouble() < 0.1) late.Add(packet);
            else yield return packet;
            if (random.NextDouble() < 0.05) yield return packet;
            if (late.Count <= random.Next(6)) continue;
            yield return late[0];
            late.RemoveAt(0);
        }
    }
}

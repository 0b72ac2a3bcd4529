using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class PlayoutBufferTests
{
    private readonly PlayoutBuffer _buffer = new(minTarget: 3, maxTarget: 8);
    private readonly byte[] _opus = new byte[AudioPacket.MaxOpus];

    private Arrival Push(uint sequence, uint stream = 1, AudioKind kind = AudioKind.Frame, byte level = 20) =>
        _buffer.Push(new AudioPacket(kind, stream, sequence, sequence * 960, level), kind == AudioKind.End ? [] : [(byte)sequence]);

    // The number of the packet that is played, or what is played instead.
    private string Take() => _buffer.Take(_opus, out int length) switch
    {
        Playout.Frame => $"{_opus[0]}",
        Playout.Recover => $"recover from {_opus.AsSpan(0, length)[0]}",
        var other => other.ToString().ToLowerInvariant(),
    };

    private string[] Take(int frames) => [.. Enumerable.Range(0, frames).Select(_ => Take())];

    private void PushAll(params ReadOnlySpan<uint> sequences)
    {
        foreach (uint sequence in sequences) Push(sequence);
    }

    [Fact]
    public void Nothing_is_played_before_the_target_is_held_back()
    {
        PushAll(1, 2);
        Assert.Equal("silence", Take());
        PushAll(3);
        Assert.Equal(["1", "2", "3"], Take(3));
    }

    [Fact]
    public void A_spurt_shorter_than_the_target_is_played_all_the_same()
    {
        PushAll(7);
        Assert.Equal(["silence", "silence", "silence", "7"], Take(4));
    }

    [Fact]
    public void Packets_out_of_order_are_played_in_order()
    {
        PushAll(3, 1, 2);
        Assert.Equal(["1", "2", "3"], Take(3));
    }

    [Fact]
    public void Sequence_numbers_wrap_around()
    {
        foreach (uint sequence in new uint[] { 0, uint.MaxValue, 1, uint.MaxValue - 1 }) Push(sequence);
        Assert.Equal([$"{0xFE}", $"{0xFF}", "0", "1"], Take(4));
    }

    [Fact]
    public void A_duplicate_is_counted_and_played_once()
    {
        PushAll(1, 2, 2, 3);
        Assert.Equal(["1", "2"], Take(2));
        Assert.Equal(Arrival.Duplicate, Push(1));
        Assert.Equal(["3"], Take(1));
        Assert.Equal((2, 0), (_buffer.Duplicates, _buffer.Late));
    }

    [Fact]
    public void A_lost_packet_is_recovered_from_the_next_one_and_counted()
    {
        PushAll(1, 2, 4, 5);
        Assert.Equal(["1", "2", "recover from 4", "4", "5"], Take(5));
        Assert.Equal(1, _buffer.Concealed);
    }

    [Fact]
    public void Two_lost_packets_are_concealed_then_recovered()
    {
        PushAll(1, 4, 5);
        Assert.Equal(["1", "conceal", "recover from 4", "4", "5"], Take(5));
    }

    [Fact]
    public void Late_packet_is_dropped_counted_and_raises_the_target()
    {
        PushAll(1, 2, 4, 5);
        Take(4);
        Assert.Equal(Arrival.Late, Push(3));
        Assert.Equal(1, _buffer.Late);
        Assert.Equal(4, _buffer.Target);
        Assert.Equal("5", Take());
    }

    [Fact]
    public void A_dry_buffer_stretches_time_and_loses_nothing()
    {
        PushAll(1, 2, 3);
        Assert.Equal(["1", "2", "3", "conceal", "conceal"], Take(5));
        PushAll(4, 5);
        Assert.Equal(["4", "5"], Take(2));
        Assert.Equal(0, _buffer.Late);
    }

    [Fact]
    public void What_was_stretched_stands_for_what_was_lost()
    {
        PushAll(1, 2, 3);
        Assert.Equal(["1", "2", "3", "conceal", "conceal"], Take(5));
        PushAll(6, 7);
        Assert.Equal(["6", "7"], Take(2));
    }

    [Fact]
    public void A_stream_that_dries_up_ends_after_100_ms_and_fills_anew()
    {
        PushAll(1, 2, 3);
        Take(3);
        Assert.Equal(["conceal", "conceal", "conceal", "conceal", "conceal", "silence", "silence"], Take(7));
        PushAll(4);
        Assert.Equal("silence", Take());
    }

    [Fact]
    public void An_end_stops_without_concealment()
    {
        PushAll(1, 2, 3);
        Push(4, kind: AudioKind.End);
        Assert.Equal(["1", "2", "3", "silence", "silence"], Take(5));
        Assert.Equal(0, _buffer.Concealed);
    }

    [Fact]
    public void A_stream_goes_on_after_its_end()
    {
        PushAll(1, 2, 3);
        Push(4, kind: AudioKind.End);
        Take(5);
        PushAll(4, 5, 6);
        Assert.Equal(["4", "5", "6"], Take(3));
        Assert.False(_buffer.TakeRestart() && _buffer.TakeRestart());
    }

    [Fact]
    public void A_new_stream_starts_afresh()
    {
        PushAll(100, 101, 102);
        Take(1);
        Assert.True(_buffer.TakeRestart());
        foreach (uint sequence in new uint[] { 5, 6, 7 }) Push(sequence, stream: 2);
        Assert.True(_buffer.TakeRestart());
        Assert.False(_buffer.TakeRestart());
        Assert.Equal(["5", "6", "7"], Take(3));
    }

    [Fact]
    public void The_delay_shrinks_again_by_leaving_out_quiet_frames()
    {
        uint next = 0;
        for (; next < 12; next++) Push(next, level: 60);
        for (int i = 0; i < 600; i++)
        {
            Take();
            Push(next++, level: 60);
        }
        Assert.InRange(_buffer.Depth, 3, 4);
    }

    [Fact]
    public void The_target_comes_down_again_in_calm_times()
    {
        PushAll(1, 2, 4, 5);
        Take(4);
        PushAll(3);
        uint next = 6;
        for (int i = 0; i < PlayoutBuffer.CalmFrames + 1; i++)
        {
            Push(next++);
            Take();
        }
        Assert.Equal(3, _buffer.Target);
    }

    [Fact]
    public void A_jump_far_ahead_starts_afresh()
    {
        PushAll(1, 2, 3);
        Take(1);
        PushAll(5000, 5001, 5002);
        Assert.Equal([$"{5000 % 256}", $"{5001 % 256}"], Take(2));
    }
}

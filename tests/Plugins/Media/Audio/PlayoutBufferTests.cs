using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>Packets are numbered; number n is spoken at n times 20 ms.</summary>
public sealed class PlayoutBufferTests
{
    private const double Frame = AudioFormat.FrameMilliseconds;
    private const byte TwentyMilliseconds = 31 << 3; // as an Opus packet begins

    private readonly PlayoutBuffer _buffer = new(new PlayoutDelay(first: 60, most: 240), streams: 1);
    private readonly PlayoutTick _tick = new(1);
    private double _now;

    private Arrival Push(uint number, uint stream = 1, AudioKind kind = AudioKind.Frame, byte level = 20, bool last = false) => _buffer.Push(
        new AudioPacket(kind, stream, number, number * AudioFormat.FrameSize, level, last), kind == AudioKind.End ? [] : [TwentyMilliseconds, (byte)number], _now);

    private void PushAll(params ReadOnlySpan<uint> numbers)
    {
        foreach (uint number in numbers) Push(number);
    }

    // The number of the packet that is played, or what is played instead; then 20 ms pass.
    private string Take()
    {
        _buffer.Take(_tick, _now);
        _now += Frame;
        return _tick.Kind switch
        {
            Playout.Frame => $"{_tick[0].Opus[1]}",
            Playout.Merge => $"{_tick[0].Opus[1]}+{_tick.After(0).Opus[1]}",
            Playout.Recover => $"recover from {_tick.After(0).Opus[1]}",
            var other => other.ToString().ToLowerInvariant(),
        };
    }

    private string[] Take(int frames) => [.. Enumerable.Range(0, frames).Select(_ => Take())];

    /// <summary>Packets come each 20 ms, and each is taken as it comes.</summary>
    private List<string> Run(ref uint next, int frames, byte level = 20)
    {
        var taken = new List<string>();
        for (int i = 0; i < frames; i++)
        {
            Push(next++, level: level);
            taken.Add(Take());
        }
        return taken;
    }

    // Three frames at once, the target passed: from here on each is taken in turn.
    private void Begin()
    {
        PushAll(1, 2, 3);
        _now += 60;
    }

    [Fact]
    public void Nothing_is_played_before_the_target_is_held_back()
    {
        Push(1);
        Assert.Equal(["silence", "silence", "silence"], Take(3));
        Assert.Equal("1", Take());
    }

    [Fact]
    public void Packets_out_of_order_are_played_in_order()
    {
        PushAll(3, 1, 2);
        _now += 60;
        Assert.Equal(["1", "2", "3"], Take(3));
    }

    [Fact]
    public void Timestamps_wrap_around()
    {
        uint last = (uint.MaxValue / AudioFormat.FrameSize) + 1;
        foreach (uint number in new uint[] { last + 1, last - 1, last, last + 2 }) Push(number);
        _now += 60;
        Assert.Equal([$"{(byte)(last - 1)}", $"{(byte)last}", $"{(byte)(last + 1)}", $"{(byte)(last + 2)}"], Take(4));
    }

    [Fact]
    public void A_duplicate_is_counted_and_played_once()
    {
        PushAll(1, 2, 2, 3);
        _now += 60;
        Assert.Equal(["1", "2"], Take(2));
        Assert.Equal(Arrival.Duplicate, Push(1));
        Assert.Equal("3", Take());
        Assert.Equal((2, 0), (_buffer.Duplicates, _buffer.Late));
    }

    [Fact]
    public void A_lost_packet_is_recovered_from_the_next_one_and_counted()
    {
        PushAll(1, 2, 4, 5);
        _now += 60;
        Assert.Equal(["1", "2", "recover from 4", "4", "5"], Take(5));
        Assert.Equal(1, _buffer.Concealed);
    }

    [Fact]
    public void Two_lost_packets_are_concealed_then_recovered()
    {
        PushAll(1, 4, 5);
        _now += 60;
        Assert.Equal(["1", "conceal", "recover from 4", "4", "5"], Take(5));
    }

    [Fact]
    public void Late_packet_is_dropped_counted_and_raises_the_target_at_once()
    {
        PushAll(1, 2, 4, 5);
        _now += 60;
        Take(4);
        double before = _buffer.Delay.Target;
        Assert.Equal(Arrival.Late, Push(3));
        Assert.Equal(1, _buffer.Late);
        Assert.True(_buffer.Delay.Target > before, $"{before} ms, then {_buffer.Delay.Target} ms");
    }

    [Fact]
    public void A_packet_that_is_late_by_minutes_changes_nothing()
    {
        uint next = 10_000;
        Run(ref next, 100);
        double before = _buffer.Delay.Target;
        Assert.Equal(Arrival.Late, Push(3));
        Assert.Equal(before, _buffer.Delay.Target);
        Assert.All(Run(ref next, 10), taken => Assert.DoesNotContain("conceal", taken, StringComparison.Ordinal));
    }

    [Fact]
    public void A_dry_buffer_stretches_time_and_loses_nothing()
    {
        Begin();
        Assert.Equal(["1", "2", "3", "conceal", "conceal"], Take(5));
        PushAll(4, 5);
        Assert.Equal(["4", "5"], Take(2));
        Assert.Equal(0, _buffer.Late);
    }

    [Fact]
    public void What_was_stretched_stands_for_what_was_lost()
    {
        Begin();
        Assert.Equal(["1", "2", "3", "conceal", "conceal"], Take(5));
        PushAll(6, 7);
        Assert.Equal(["6", "7"], Take(2));
    }

    [Fact]
    public void A_stream_that_dries_up_ends_after_100_ms_and_fills_anew()
    {
        Begin();
        Take(3);
        Assert.Equal(["conceal", "conceal", "conceal", "conceal", "conceal", "silence", "silence"], Take(7));
        _now += 3000;
        Push(200);
        Assert.Equal("silence", Take());
    }

    [Fact]
    public void An_end_stops_without_concealment()
    {
        Begin();
        Push(4, kind: AudioKind.End);
        Assert.Equal(["1", "2", "3", "silence", "silence"], Take(5));
        Assert.Equal(0, _buffer.Concealed);
    }

    [Fact]
    public void A_last_frame_stops_without_concealment()
    {
        PushAll(1, 2);
        Push(3, last: true);
        _now += 60;
        Assert.Equal(["1", "2", "3", "silence", "silence"], Take(5));
        Assert.Equal(0, _buffer.Concealed);
    }

    [Fact]
    public void A_stream_goes_on_after_its_end_and_no_pause_is_made_up()
    {
        Begin();
        Push(4, kind: AudioKind.End);
        Take(5);
        _now += 1000;
        PushAll(60, 61, 62);
        _now += 60;
        Assert.Equal(["60", "61", "62"], Take(3));
        Assert.Equal(0, _buffer.Concealed);
    }

    [Fact]
    public void Another_encoder_with_another_clock_starts_afresh()
    {
        Begin();
        Take();
        foreach (uint number in new uint[] { 5005, 5006, 5007 }) Push(number, stream: 2);
        _now += 60;
        Assert.Equal([$"{5005 % 256}", $"{5006 % 256}", $"{5007 % 256}"], Take(3));
    }

    [Fact]
    public void A_jump_far_ahead_starts_afresh()
    {
        Begin();
        Take();
        PushAll(5000, 5001, 5002);
        _now += 60;
        Assert.Equal([$"{5000 % 256}", $"{5001 % 256}"], Take(2));
    }

    [Theory]
    [InlineData(60)] // a pause
    [InlineData(20)] // somebody talks on and on
    public void On_a_quiet_network_the_delay_comes_down_to_a_frame_and_nothing_is_left_out(byte level)
    {
        uint next = 1;
        List<string> taken = Run(ref next, 1500, level);
        Assert.InRange(_buffer.Slack, 0, Frame + _buffer.Delay.Target);
        Assert.InRange(_buffer.Delay.Target, 0, 10);
        Assert.Equal(Enumerable.Range(1, 1200).Select(n => $"{(byte)n}"), taken.SelectMany(t => t.Split('+')).Where(t => char.IsDigit(t[0])).Take(1200));
    }

    [Fact]
    public void Jitter_raises_the_delay_and_is_hidden_and_the_delay_comes_back_within_ten_seconds()
    {
        const int seed = 5;
        var random = new Random(seed);
        var underWay = new PriorityQueue<uint, double>();
        uint next = 1;
        int bad = 0;
        double largest = 0;
        for (int i = 0; i < 2000; i++)
        {
            double jitter = i is >= 500 and < 1000 ? 100 * random.NextDouble() : 0;
            underWay.Enqueue(next++, _now + jitter);
            while (underWay.TryPeek(out uint number, out double at) && at <= _now) { underWay.Dequeue(); Push(number); }
            if (Take() is "conceal" or "silence" && i is >= 600 and < 1000) bad++;
            largest = Math.Max(largest, _buffer.Slack);
            if (i == 1499) Assert.True(_buffer.Slack < 100, $"seed {seed}: {_buffer.Slack:F0} ms ten seconds after the jitter");
        }
        Assert.InRange(largest, 80, 200);
        Assert.True(bad <= 12, $"seed {seed}: {bad} of 400 frames were made up");
    }

    [Fact]
    public void A_lower_limit_takes_effect_at_once()
    {
        uint next = 1;
        RunLate(ref next, 200, 200);
        Assert.True(_buffer.Delay.Target > 100, $"{_buffer.Delay.Target} ms");
        _buffer.Delay.Most = 40;
        Assert.Equal(40, _buffer.Delay.Target);
        RunLate(ref next, 200, 200);
        Assert.Equal(40, _buffer.Delay.Target);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    public void A_source_that_stood_still_and_goes_on_where_it_was_leaves_no_delay_behind(int still)
    {
        uint next = 1;
        Run(ref next, 300);
        for (double end = _now + still; _now < end;) Take();
        for (int i = 0; i < 600; i++)
        {
            Run(ref next, 1);
            Assert.True(_buffer.Depth <= 2, $"{_buffer.Depth} frames wait {20 * i} ms after the standstill");
        }
        Assert.InRange(_buffer.Slack, 0, 60); // what people are told
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_three_seconds_of_silence_the_delay_comes_down(bool told)
    {
        uint next = 1;
        Run(ref next, 100);
        RunLate(ref next, 100, 150);
        double before = _buffer.Delay.Target;
        Assert.True(before > 100, $"{before} ms");
        if (told) Push(next, kind: AudioKind.End);
        for (int i = 0; i < 150; i++, next++) Take();
        Run(ref next, 1);
        Assert.True(_buffer.Delay.Target < before / 2, $"{before} ms before, {_buffer.Delay.Target} ms after the silence");
    }

    [Fact]
    public void Short_words_with_silence_between_them_are_soon_as_quick_as_long_ones()
    {
        uint next = 1;
        Run(ref next, 100);
        RunLate(ref next, 100, 150);
        for (int words = 0; words < 10; words++)
        {
            Push(next, kind: AudioKind.End);
            for (int i = 0; i < 40; i++, next++) Take();
            Run(ref next, 10);
        }
        Assert.True(_buffer.Slack < 60, $"{_buffer.Slack} ms");
    }

    // Each fifth packet comes late by so much.
    private void RunLate(ref uint next, int frames, double late)
    {
        var underWay = new PriorityQueue<uint, double>();
        for (int i = 0; i < frames; i++)
        {
            underWay.Enqueue(next++, _now + (i % 5 == 0 ? late : 0));
            while (underWay.TryPeek(out uint number, out double at) && at <= _now) { underWay.Dequeue(); Push(number); }
            Take();
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void A_sound_card_that_is_fast_or_slow_for_an_hour_keeps_its_delay_within_a_frame(int partsPerMillion)
    {
        double spacing = Frame / (1 + partsPerMillion / 1e6), due = 0;
        uint next = 1;
        for (int i = 0; i < 3600 * 50; i++)
        {
            double beat = _now;
            for (; due <= beat; due += spacing)
            {
                _now = due;
                Push(next++, level: i % 100 < 30 ? (byte)60 : (byte)20);
            }
            _now = beat;
            Take();
            if (i > 1000) Assert.InRange(_buffer.Slack, _buffer.Delay.Target - Frame, _buffer.Delay.Target + Frame + 2); // the clock has steps of a frame
        }
        Assert.InRange(_buffer.Delay.Target, 0, 30);
    }
}

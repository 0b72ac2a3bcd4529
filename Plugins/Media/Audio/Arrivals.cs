namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// How one stream arrives: jitter as in RFC 3550, 6.4.1, loss and bit rate over windows of two seconds. Written by the receive loop, read by
/// anybody: a reader may see two neighbouring windows mixed, which does not matter for a display.
/// </summary>
internal sealed class Arrivals(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private long _began;
    private uint _stream, _first, _highest;
    private long _received, _bytes;
    private double _jitter; // samples
    private long _lastArrival;
    private uint _lastTimestamp;
    private double _loss;
    private int _bitrate;

    /// <summary>Notes a packet that is no duplicate.</summary>
    public void Note(in AudioPacket packet, int bytes)
    {
        long now = time.GetTimestamp();
        if (_received == 0 || packet.Stream != _stream) Begin(packet, now);
        else if (time.GetElapsedTime(_began, now) >= Window) Close(now);
        if (packet.Kind == AudioKind.End) { _lastArrival = 0; return; }
        if ((int)(packet.Sequence - _highest) > 0) _highest = packet.Sequence;
        _received++;
        _bytes += bytes;
        MeasureJitter(packet.Timestamp, now);
    }

    /// <summary>Jitter in milliseconds, loss from 0 to 1, bits a second.</summary>
    public (double Jitter, double Loss, int Bitrate) Read()
    {
        bool silent = _received == 0 || time.GetElapsedTime(_began) > 2 * Window;
        return silent ? (0, 0, 0) : (_jitter / AudioFormat.SampleRate * 1000, _loss, _bitrate);
    }

    private void Begin(in AudioPacket packet, long now)
    {
        if (packet.Stream != _stream) (_jitter, _lastArrival) = (0, 0);
        _stream = packet.Stream;
        _first = _highest = packet.Sequence;
        (_began, _received, _bytes) = (now, 0, 0);
    }

    private void Close(long now)
    {
        long expected = _highest - _first + 1L;
        _loss = Math.Clamp(1 - (double)_received / expected, 0, 1);
        _bitrate = (int)(_bytes * 8 / time.GetElapsedTime(_began, now).TotalSeconds);
        _first = _highest + 1;
        (_began, _received, _bytes) = (now, 0, 0);
    }

    private void MeasureJitter(uint timestamp, long now)
    {
        if (_lastArrival != 0)
        {
            double arrived = time.GetElapsedTime(_lastArrival, now).TotalSeconds * AudioFormat.SampleRate;
            double difference = Math.Abs(arrived - (int)(timestamp - _lastTimestamp));
            _jitter += (difference - _jitter) / 16;
        }
        (_lastArrival, _lastTimestamp) = (now, timestamp);
    }
}

using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;

namespace LanCollab.Benchmarks.Chat;

/// <summary>Cuts what a receiver gets into messages and counts the lines among them; the same little work for every protocol.</summary>
internal abstract class LineCounter
{
    private byte[] _carry = new byte[1024];
    private long _bytes, _marked;

    /// <summary>Bytes of a message whose rest is under way.</summary>
    public int Carried { get; private set; }

    /// <summary>Where the delays of stamped lines go; null while nobody wants to know.</summary>
    public Delays? Delays { get; set; }

    /// <summary>Puts the carried bytes to the front of a buffer; the next bytes are to be read behind them.</summary>
    public int Restore(Span<byte> buffer)
    {
        _carry.AsSpan(0, Carried).CopyTo(buffer);
        return Carried;
    }

    /// <summary>Bytes that have come since the last <see cref="Mark"/>.</summary>
    public long SinceMark => Volatile.Read(ref _bytes) - _marked;

    /// <summary>Counts bytes from here.</summary>
    public void Mark() => _marked = Volatile.Read(ref _bytes);

    /// <summary>Takes carried and new bytes together; gives the number of lines.</summary>
    public int Feed(ReadOnlySpan<byte> data)
    {
        int lines = 0, size;
        Volatile.Write(ref _bytes, _bytes + data.Length - Carried);
        while ((size = Next(data, out int here)) > 0)
        {
            lines += here;
            if (here > 0 && Delays is { } delays) delays.Add(data[..size]);
            data = data[size..];
        }
        if (data.Length > _carry.Length) _carry = new byte[data.Length * 2];
        data.CopyTo(_carry);
        Carried = data.Length;
        return lines;
    }

    /// <summary>The size of the message at the front, 0 when it is not complete; and the lines in it.</summary>
    protected abstract int Next(ReadOnlySpan<byte> data, out int lines);
}

/// <summary>Bytes that are not deciphered.</summary>
internal sealed class CipherCounter : LineCounter
{
    protected override int Next(ReadOnlySpan<byte> data, out int lines)
    {
        lines = 0;
        return data.Length;
    }
}

/// <summary>LanCollab: <c>u32 length | u8 kind | JSON</c>.</summary>
internal sealed class FrameCounter : LineCounter
{
    private const int Header = 5;

    protected override int Next(ReadOnlySpan<byte> data, out int lines)
    {
        lines = 0;
        if (data.Length < Header) return 0;
        int size = Header + (int)BinaryPrimitives.ReadUInt32BigEndian(data);
        if (data.Length < size) return 0;
        ReadOnlySpan<byte> message = data[Header..size];
        if (message.StartsWith("{\"type\":\"chat/said\""u8)) lines = 1;
        else if (message.StartsWith("{\"type\":\"chat/lines\""u8)) lines = message.Count("\"text\":"u8);
        return size;
    }
}

/// <summary>NATS: <c>MSG room 1 128\r\n…\r\n</c>, and <c>PING\r\n</c> now and then.</summary>
internal sealed class NatsCounter : LineCounter
{
    protected override int Next(ReadOnlySpan<byte> data, out int lines)
    {
        lines = 0;
        int end = data.IndexOf((byte)'\n');
        if (end < 0) return 0;
        if (!data.StartsWith("MSG "u8)) return end + 1;
        ReadOnlySpan<byte> line = data[..(end - 1)];
        Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out int length, out _);
        int size = end + 1 + length + 2;
        if (data.Length < size) return 0;
        lines = 1;
        return size;
    }
}

/// <summary>MQTT 3.1.1: <c>u8 type | varint length | …</c>; type 3 is PUBLISH.</summary>
internal sealed class MqttCounter : LineCounter
{
    private const int Publish = 3;

    protected override int Next(ReadOnlySpan<byte> data, out int lines)
    {
        lines = 0;
        int length = 0, at = 1;
        for (int shift = 0; ; shift += 7, at++)
        {
            if (at >= data.Length) return 0;
            length |= (data[at] & 0x7F) << shift;
            if ((data[at] & 0x80) == 0) break;
        }
        int size = at + 1 + length;
        if (data.Length < size) return 0;
        lines = data[0] >> 4 == Publish ? 1 : 0;
        return size;
    }
}

/// <summary>Delays of lines that carry the moment they were sent; both ends are on one machine with one monotonic clock.</summary>
internal sealed class Delays(int capacity)
{
    /// <summary>Nothing else in a message looks like it.</summary>
    private static ReadOnlySpan<byte> Mark => "#t="u8;

    private readonly double[] _milliseconds = new double[capacity];
    private readonly long[] _sent = new long[capacity];
    private int _count;

    /// <summary>The text of a line: the stamp, filled up to so many bytes.</summary>
    public static void Write(Span<byte> text)
    {
        text.Fill((byte)'x');
        Mark.CopyTo(text);
        Utf8Formatter.TryFormat(Stopwatch.GetTimestamp(), text[Mark.Length..], out _, new('D', 19));
    }

    public void Add(ReadOnlySpan<byte> message)
    {
        for (int at; (at = message.IndexOf(Mark)) >= 0; message = message[(at + Mark.Length)..])
        {
            if (!Utf8Parser.TryParse(message.Slice(at + Mark.Length, 19), out long sent, out _)) continue;
            int index = Interlocked.Increment(ref _count) - 1;
            if (index < _milliseconds.Length) (_sent[index], _milliseconds[index]) = (sent, Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
    }

    public int Count => Math.Min(_count, _milliseconds.Length);

    /// <summary>The lines whose last receiver waited longest: when they were sent (a monotonic timestamp), and after how many milliseconds the first, the middle and the last receiver had them.</summary>
    public IEnumerable<(long Sent, double First, double Median, double Last)> Slowest(int lines) => Enumerable.Range(0, Count)
        .GroupBy(i => _sent[i], i => _milliseconds[i]).Select(line => (line.Key, Delays: line.Order().ToArray()))
        .Select(line => (line.Key, line.Delays[0], line.Delays[line.Delays.Length / 2], line.Delays[^1])).OrderByDescending(line => line.Item4).Take(lines);

    /// <summary>In milliseconds.</summary>
    public double Percentile(double share)
    {
        double[] sorted = [.. _milliseconds.Take(Count).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min((int)(share * sorted.Length), sorted.Length - 1)];
    }
}

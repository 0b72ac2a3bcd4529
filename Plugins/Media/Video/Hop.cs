using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The sending end of a hop, from the hub to one viewer or from a client to the hub: numbers the packets, remembers for a second which was which, and sends
/// those again that are asked for. For one thread at a time.
/// </summary>
internal class Hop(TimeProvider time)
{
    // More than a second of 25 cameras; 32 bytes each.
    private const int Remembered = 4096;
    private const int CreditAtStart = 64 * 1024, MostCredit = 512 * 1024;
    // A copy that is on its way still need not be sent a second time.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1), Again = TimeSpan.FromMilliseconds(8);

    private readonly Sent[] _sent = new Sent[Remembered];
    private uint _next = 1;
    private long _bytes;
    private double _credit = CreditAtStart;

    /// <summary>How its link does.</summary>
    public LinkEstimate Link { get; } = new(time);

    /// <summary>Packets sent again.</summary>
    public long Resent { get; private set; }

    /// <summary>Packets asked for that were not sent again: too old, too often, or more than half of what is sent anyway.</summary>
    public long Refused { get; private set; }

    /// <summary>Writes this hop's numbers into packets that are about to be sent, and remembers them.</summary>
    public void Number(PacketHistory history, uint first, int count, long now)
    {
        for (uint serial = first; serial != first + (uint)count; serial++)
        {
            Span<byte> packet = history[serial];
            VideoHeader.WritePacket(packet, _next);
            _bytes += packet.Length;
            _sent[_next % Remembered] = new Sent(history, serial, _next, now, _bytes);
            _next++;
        }
        _credit = Math.Min(MostCredit, _credit + (count * PacketHistory.Stride / 2.0));
    }

    /// <summary>Sends again what is remembered.</summary>
    public void Resend(ReadOnlySpan<uint> numbers, DatagramSender send)
    {
        long now = time.GetTimestamp();
        foreach (uint number in numbers)
        {
            if (TryResend(number, send, now)) Resent++;
            else Refused++;
        }
    }

    /// <summary>The receiving end reports.</summary>
    public void Report(in ReceiverReport report)
    {
        ref Sent newest = ref _sent[report.Newest % Remembered];
        if (newest.Number != report.Newest || newest.History is null) return;
        Link.Report(report, time.GetElapsedTime(newest.At), newest.Bytes);
    }

    private bool TryResend(uint number, DatagramSender send, long now)
    {
        ref Sent sent = ref _sent[number % Remembered];
        if (sent.Number != number || sent.History is not { } history || !history.Has(sent.Serial)) return false;
        if (time.GetElapsedTime(sent.At, now) > Memory || (sent.AgainAt != 0 && time.GetElapsedTime(sent.AgainAt, now) < Again)) return false;
        Span<byte> packet = history[sent.Serial];
        if (_credit < packet.Length) return false;
        _credit -= packet.Length;
        sent.AgainAt = now;
        VideoHeader.WritePacket(packet, number);
        return send(packet);
    }

    /// <summary>A number's packet, when it was first sent, and the bytes sent by then.</summary>
    private struct Sent(PacketHistory history, uint serial, uint number, long at, long bytes)
    {
        public readonly PacketHistory? History = history;
        public readonly uint Serial = serial, Number = number;
        public readonly long At = at, Bytes = bytes;
        public long AgainAt;
    }
}

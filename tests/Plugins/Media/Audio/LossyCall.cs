using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Mix;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faults;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>
/// Somebody with a steady tone, the hub and a listener, with a bad link in each direction: the proxies' dice, on a clock that the test moves by
/// milliseconds. Loss is reported back each second, as the daemons do.
/// </summary>
internal sealed class LossyCall : IServerDatagrams, IDisposable
{
    public const double Tone = 440;
    private const int SpokenAt = 0, MixedAt = 7, HeardAt = 13; // ms within each 20

    private readonly TestRoom _room = new();
    private readonly TestPerson _talker, _listener;
    private readonly float[] _tone = Goertzel.Tone(Tone, AudioFormat.SampleRate);
    private readonly FaultDice _up, _down;
    private readonly PriorityQueue<byte[], double> _toHub = new(), _toListener = new();
    private readonly Correction _correction;
    private long _sentUp, _sentDown, _now;
    private byte[]? _heldUp, _heldDown;

    public LossyCall(FaultOptions faults)
    {
        (_up, _down) = (new FaultDice(faults, Direction.ToServer), new FaultDice(faults, Direction.ToClient));
        _correction = new Correction(_room.Time);
        (_talker, _listener) = (_room.Join("talker"), _room.Join("listener"));
        _talker.Says = _tone;
    }

    /// <summary>False: the network has got well.</summary>
    public bool IsBad { get; set; } = true;

    public List<float> Heard => _listener.Heard;

    /// <summary>What both playout buffers hold back, in ms.</summary>
    public double Held => Hub.Held + _listener.Receiver.Held;

    public (long Late, long Duplicates, long Concealed) AtHub => Hub.Counters;

    public (long Late, long Duplicates, long Concealed) AtListener => _listener.Receiver.Counters;

    /// <summary>Frames that were played from copies, at the hub and at the listener.</summary>
    public (long Hub, long Listener) Corrected => (Hub.Corrected, _listener.Receiver.Corrected);

    private Participant Hub => _room.Mixer.Find(_talker.Peer)!;

    public void Run(TimeSpan time, Action? eachSecond = null)
    {
        for (long end = _now + (long)time.TotalMilliseconds; _now < end; _now++)
        {
            while (_toHub.TryPeek(out byte[]? packet, out double due) && due <= _now) { _toHub.Dequeue(); Hub.Receive(packet); }
            while (_toListener.TryPeek(out byte[]? packet, out double due) && due <= _now) { _toListener.Dequeue(); _listener.Receiver.Receive(packet); }
            if (_now % 20 == SpokenAt) Pass(_talker.Sender.Frame(_talker.NextFrame()).ToArray(), _up.Of(_sentUp++), _toHub, ref _heldUp);
            if (_now % 20 == MixedAt) _room.Mixer.Tick(this);
            if (_now % 20 == HeardAt) _listener.Hear();
            if (_now % 1000 == 999) Report(eachSecond);
            _room.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    public bool TrySend(Peer to, ReadOnlySpan<byte> payload)
    {
        if (to == _listener.Peer) Pass(payload.ToArray(), _down.Of(_sentDown++), _toListener, ref _heldDown);
        return true;
    }

    /// <summary>Share of the time in which the tone is 20 dB or more below what it was spoken at, and the longest such time in ms; in steps of 5 ms.</summary>
    public (double Share, int Longest) Gaps()
    {
        float[][] windows = [.. Heard.Chunk(240)];
        int gaps = 0, row = 0, longest = 0;
        foreach (float[] window in windows)
        {
            bool gap = AudioLevel.Of(window) > 15 + 20;
            gaps += gap ? 1 : 0;
            longest = Math.Max(longest, row = gap ? row + 1 : 0);
        }
        return (gaps / (double)windows.Length, 5 * longest);
    }

    private void Pass(byte[] packet, Fate fate, PriorityQueue<byte[], double> lane, ref byte[]? held)
    {
        if (!IsBad) fate = new Fate(1, TimeSpan.Zero, false);
        byte[]? before = held;
        held = fate is { Held: true, Copies: > 0 } && before is null ? packet : null;
        if (held is null)
            for (int copy = 0; copy < fate.Copies; copy++) lane.Enqueue(packet, _now + fate.Delay.TotalMilliseconds);
        if (before is not null) lane.Enqueue(before, _now + fate.Delay.TotalMilliseconds);
    }

    private void Report(Action? eachSecond)
    {
        double loss = Hub.Arrivals.Read().Loss;
        _correction.Note(loss);
        (_talker.Sender.ExpectedLoss, _talker.Sender.Corrects) = (loss, _correction.IsOn);
        _room.Mixer.Find(_listener.Peer)!.Listener.Loss = _listener.Receiver.Arrivals.Read().Loss;
        eachSecond?.Invoke();
    }

    public void Dispose() => _room.Dispose();
}

using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faults;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Video;

/// <summary>
/// A camera, the hub's forwarder, a bad link and a viewer's assembly, all in simulated time: the same seed gives the same call on any machine. The camera sends
/// 30 pictures a second in two layers: 360p with 4 packets a delta frame (1.1 Mbit/s) and 12 a key frame, 180p with 1 and 3.
/// </summary>
internal sealed class SimulatedCall : IServerDatagrams
{
    /// <summary>A picture that comes later is no use in a conversation.</summary>
    public static readonly TimeSpan InTime = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1), RoundTrip = TimeSpan.FromMilliseconds(20);
    private static readonly VideoLayer[] Sizes = [VideoLayer.Large, VideoLayer.Small];

    private readonly FakeTimeProvider _time = new();
    private readonly Peer _ada = new("a", "Ada", "room"), _ben = new("b", "Ben", "room");
    private readonly VideoForwarder _forwarder;
    private readonly VideoStream _stream;
    private readonly Watcher _watcher;
    private readonly HopReceiver _hop;
    private readonly FrameAssembly _assembly;
    private readonly SimulatedLink _down, _up;
    private readonly VideoCodec _codec;
    private readonly bool[] _keyNext = [true, true, true];
    private readonly Dictionary<(VideoLayer, uint), byte[]> _sent = [];
    private TimeSpan _now, _askedAt = TimeSpan.FromSeconds(-1);
    private uint _packets, _frames;

    public SimulatedCall(FaultOptions options, VideoCodec codec)
    {
        _codec = codec;
        _forwarder = new VideoForwarder(new TestLog(), _time);
        var info = new VideoStarted(_ada.Id, _ada.Name, 1, codec, 640, 360, Sizes);
        _stream = new VideoStream(_ada, info, layer => new KeyFrameRequests(_time, () => _keyNext[(int)layer] = true), _time);
        _watcher = new Watcher(_ben, _time);
        _forwarder.Add(_stream);
        _forwarder.Add(_watcher);
        _stream.Set(_watcher, VideoLayer.Large);
        _hop = new HopReceiver(_time);
        _assembly = new FrameAssembly(new AssemblyBudget(16 << 20), Show, NeedKeyFrame, before => _hop.Gaps.MayCome(before));
        _down = new SimulatedLink(options, Direction.ToClient, Arrive);
        _up = new SimulatedLink(options, Direction.ToServer, feedback => _forwarder.Receive(this, _ben, feedback));
    }

    /// <summary>Bytes a second towards the viewer; 0: no limit.</summary>
    public long Limit { set => _down.BytesPerSecond = value; }

    /// <summary>Pictures that the camera has taken.</summary>
    public uint Taken => _frames;

    /// <summary>What was shown, and how long after it was taken.</summary>
    public List<(TimeSpan At, VideoLayer Layer, uint Frame, TimeSpan Delay)> Shown { get; } = [];

    /// <summary>Frames that a decoder could not have used, or whose bytes are not those that were sent.</summary>
    public int Broken { get; private set; }

    /// <summary>Packets sent again.</summary>
    public long Resent => _watcher.Resent;

    /// <summary>The layer that is sent at this moment.</summary>
    public VideoLayer Layer => _stream.Subscriptions[0].Current;

    public void Run(TimeSpan time)
    {
        for (TimeSpan end = _now + time; _now < end; _now += Step)
        {
            int ms = (int)_now.TotalMilliseconds;
            if (ms * 3 / 100 != (ms - 1) * 3 / 100 || ms == 0) Take();
            _down.Deliver(_now);
            _up.Deliver(_now);
            if (ms % 5 == 0) _forwarder.Flush(this);
            if (ms % 10 == 0) Review(report: ms % 200 == 0);
            if (ms % 200 == 0) Plan();
            _time.Advance(Step);
        }
    }

    bool IServerDatagrams.TrySend(Peer to, ReadOnlySpan<byte> payload)
    {
        if (to == _ben) _down.Send(payload, _now);
        return true;
    }

    private void Take()
    {
        uint frame = _frames++;
        foreach (VideoLayer layer in Sizes)
        {
            bool key = _codec == VideoCodec.Jpeg || _keyNext[(int)layer];
            _keyNext[(int)layer] = false;
            var header = new VideoHeader(_codec, layer, key, 1, frame, (uint)(_now.TotalSeconds * 90_000), 0, 1, 640, 360);
            int packets = (layer, key && _codec == VideoCodec.Vp8) switch { (VideoLayer.Large, true) => 12, (VideoLayer.Large, _) => 4, (_, true) => 3, _ => 1 };
            byte[] bytes = _sent[(layer, frame)] = Packets.Bytes(header, (packets * VideoHeader.FragmentBytes) - 400);
            foreach (byte[] packet in Packets.Of(header, bytes))
            {
                VideoHeader.WritePacket(packet, _packets++);
                _forwarder.Receive(this, _ada, packet);
            }
        }
    }

    private void Arrive(byte[] packet)
    {
        if (!VideoHeader.TryReadPacket(packet, out VideoHeader header) || !_hop.Note(header.Packet)) return;
        _assembly.Add(header, packet.AsSpan(VideoHeader.Bytes));
        Ask(report: false);
    }

    private void Review(bool report)
    {
        _hop.NoteTail(_assembly.TailMissing);
        Ask(report);
        _assembly.Review();
    }

    private void Ask(bool report) => _hop.Review(report, RoundTrip, feedback =>
    {
        _up.Send(feedback, _now);
        return true;
    });

    private void Plan()
    {
        foreach (VideoLayer layer in Sizes) _stream.Flow(layer)?.Measure(TimeSpan.FromMilliseconds(200));
        _stream.Of(_watcher).Plan = ViewerPlan.Make([new PlanSource(_stream, VideoLayer.Large)], 25, _watcher.Link.Bits, 0)[0];
    }

    private void NeedKeyFrame(VideoLayer layer)
    {
        if (_now - _askedAt < KeyFrameRequests.Interval) return;
        _askedAt = _now;
        _stream.AskKeyFrame(layer);
    }

    private void Show(in VideoHeader header, ReadOnlySpan<byte> bytes)
    {
        bool follows = header.Key || (Shown is [.., var last] && last.Layer == header.Layer && last.Frame == header.Frame - header.Back);
        if (!follows || !bytes.SequenceEqual(_sent[(header.Layer, header.Frame)])) Broken++;
        Shown.Add((_now, header.Layer, header.Frame, _now - TimeSpan.FromSeconds(header.Timestamp / 90_000.0)));
    }
}

using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Net;
using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support.Scripted;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Tests.Support.Faces;

/// <summary>
/// A person over the real wire who has a camera and looks at nobody: a seat, the channel <c>media</c>, datagrams of the service <c>video</c>. Sends the layers
/// that are wanted, and a key frame when one is asked for. Independent of the product's own client half.
/// </summary>
/// <param name="server">Where the session service is.</param>
/// <param name="room">The room.</param>
/// <param name="name">The person.</param>
/// <param name="codec">Of the clips.</param>
/// <param name="clips">What is sent, by layer.</param>
/// <param name="seed">For the seat.</param>
internal sealed class ScriptedCamera(ServerAddress server, string room, string name, VideoCodec codec, IReadOnlyDictionary<VideoLayer, VideoClip> clips, int seed)
{
    private const int Fps = 30, MaxFrame = 64 * 1024;
    private static readonly IReadOnlyList<VideoLayer> Nothing = [];

    private readonly Dialer _dialer = new(TimeProvider.System);
    private readonly TaskCompletionSource _on = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<VideoLayer, Reel> _reels = clips.ToDictionary(c => c.Key, c => new Reel(c.Value));
    private volatile IReadOnlyList<VideoLayer> _wanted = Nothing;
    private uint _packet;

    /// <summary>Ends when the camera is on.</summary>
    public Task OnAsync() => _on.Task;

    /// <summary>Plays until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var seat = new ScriptedSeat(server, room, name, _dialer, new Random(seed));
        Task staying = seat.RunAsync(cancellationToken);
        try
        {
            await PlayAsync(await seat.AdmittedAsync(cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It was told to stop.
        }
        catch (Exception e)
        {
            _on.TrySetException(e);
            throw;
        }
        await staying;
    }

    private async Task PlayAsync(Admission admission, CancellationToken cancellationToken)
    {
        (FrameChannel channel, _) = await _dialer.DialAsync(
            server with { Port = Port(admission, MediaMessages.Service) }, null, new Hello(Hello.CurrentVersion, MediaMessages.Service, admission.Token), MaxFrame, cancellationToken);
        await using (channel)
        {
            MessageChannel messages = Listen(new MessageChannel(channel, MediaMessages.Set, NullLogger.Instance));
            Task receiving = messages.RunAsync(cancellationToken);
            VideoClip largest = clips.Values.MaxBy(c => c.Height)!;
            VideoGranted granted = await messages.RequestAsync<VideoGranted>(
                new VideoOn(codec, largest.Width, largest.Height, [.. clips.OrderByDescending(c => c.Value.Height).Select(c => c.Key)]), cancellationToken);
            Task sending = SendAsync(admission, granted.Stream, cancellationToken);
            _on.TrySetResult();
            await await Task.WhenAny(receiving, sending);
        }
    }

    private MessageChannel Listen(MessageChannel messages) => messages
        .On((VideoStreams streams) => { foreach (VideoStarted one in streams.Items) LookAway(messages, one.Id); })
        .On((VideoStarted one) => LookAway(messages, one.Id))
        .On((VideoWanted wanted) => { _wanted = wanted.Layers; })
        .On((VideoKeyFrame asked) => { if (_reels.TryGetValue(asked.Layer, out Reel? reel)) reel.Rewind(); });

    /// <summary>Whoever comes is watched until one says otherwise.</summary>
    private static void LookAway(MessageChannel messages, string person) => messages.TryPost(new Subscribe(person, VideoLayer.None));

    private async Task SendAsync(Admission admission, uint stream, CancellationToken cancellationToken)
    {
        using Socket socket = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var flow = new DatagramFlow(admission.Session, Convert.FromBase64String(admission.Secret), "video", atServer: false, peer: null);
        SocketAddress hub = new IPEndPoint(IPAddress.Loopback, Port(admission, "video")).Serialize();
        byte[] packet = new byte[DatagramLimits.MaxPayload], unread = new byte[2048];
        // People do not start at the same moment.
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / Fps));
        for (int picture = seed % Fps; await pace.WaitForNextTickAsync(cancellationToken); picture++)
        {
            while (socket.Available > 0) socket.Receive(unread);
            uint timestamp = (uint)(picture * (90_000L / Fps));
            foreach (VideoLayer layer in _wanted)
            {
                if (!_reels.TryGetValue(layer, out Reel? reel) || (layer == VideoLayer.Small && picture % 2 != 0)) continue;
                (ClipFrame frame, VideoHeader header) = reel.Next(codec, layer, stream, timestamp, picture);
                for (int i = 0; i < Fragmenter.Count(frame.Bytes.Length); i++)
                    flow.TrySend(socket, hub, DatagramLayout.Data, packet.AsSpan(0, Fragmenter.Write(header with { Packet = _packet++ }, frame.Bytes, i, packet)));
            }
        }
    }

    private static int Port(Admission admission, string service) => admission.Services.First(s => s.Name == service).Port;

    /// <summary>Where a layer's clip stands.</summary>
    private sealed class Reel(VideoClip clip)
    {
        private int _at;
        private uint _frame, _reference;
        private volatile bool _rewind;

        public void Rewind() => _rewind = true;

        public (ClipFrame Frame, VideoHeader Header) Next(VideoCodec codec, VideoLayer layer, uint stream, uint timestamp, int picture)
        {
            if (_rewind || _at == clip.Frames.Count) _at = 0;
            _rewind = false;
            ClipFrame frame = clip.Frames[_at++];
            uint number = codec == VideoCodec.Jpeg ? (uint)picture : _frame++;
            bool droppable = !frame.Key && frame.Temporal > 0;
            var header = new VideoHeader(codec, layer, frame.Key, stream, number, timestamp, 0, 1, (ushort)clip.Width, (ushort)clip.Height)
            {
                Droppable = droppable, Back = frame.Key ? (byte)0 : (byte)(number - _reference),
            };
            if (!droppable) _reference = number;
            return (frame, header);
        }
    }
}

using LanCollab.Host.Net;
using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support.Scripted;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Benchmarks.Relay;

/// <summary>A person of the relay benchmark in the real hub: a seat and the channel <c>media</c>, over TLS.</summary>
internal sealed class RelaySeat
{
    private const int MaxFrame = 64 * 1024;
    public const string Room = "relay";

    private RelaySeat(Admission admission, MessageChannel media) => (Admission, Media) = (admission, media);

    /// <summary>Its keys and ports.</summary>
    public Admission Admission { get; }

    /// <summary>Its control channel.</summary>
    public MessageChannel Media { get; }

    /// <summary>The port of pictures.</summary>
    public int VideoPort => PortOf(Admission, "video");

    /// <summary>Takes a seat and stays until it is cancelled.</summary>
    /// <param name="server">The session service.</param>
    /// <param name="name">The person.</param>
    /// <param name="watches">False: looks at nobody.</param>
    public static async Task<RelaySeat> TakeAsync(ServerAddress server, string name, bool watches, CancellationToken cancellationToken)
    {
        var dialer = new Dialer(TimeProvider.System);
        var seat = new ScriptedSeat(server, Room, name, dialer, new Random(name.GetHashCode(StringComparison.Ordinal)));
        _ = seat.RunAsync(cancellationToken);
        Admission admission = await seat.AdmittedAsync(cancellationToken);
        var hello = new Hello(Hello.CurrentVersion, MediaMessages.Service, admission.Token);
        (FrameChannel channel, _) = await dialer.DialAsync(server with { Port = PortOf(admission, MediaMessages.Service) }, null, hello, MaxFrame, cancellationToken);
        var media = new MessageChannel(channel, MediaMessages.Set, NullLogger.Instance);
        if (!watches)
            media.On((VideoStreams streams) => { foreach (VideoStarted one in streams.Items) LookAway(media, one.Id); }).On((VideoStarted one) => LookAway(media, one.Id));
        _ = media.RunAsync(cancellationToken);
        return new RelaySeat(admission, media);
    }

    private static int PortOf(Admission admission, string service) => admission.Services.First(s => s.Name == service).Port;

    // Whoever comes is watched until one says otherwise.
    private static void LookAway(MessageChannel media, string person) => media.TryPost(new Subscribe(person, VideoLayer.None));
}

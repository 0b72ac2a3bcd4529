using System.Globalization;
using LanCollab.Host.Net;
using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support.Scripted;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Benchmarks.Screen;

/// <summary>Channels of the screen service, each of a person with a seat of their own.</summary>
internal sealed class ScreenWire(string address, CancellationToken cancellationToken)
{
    private readonly ServerAddress _server = new(address.Split(':')[0], int.Parse(address.Split(':')[1], CultureInfo.InvariantCulture));
    private readonly Dialer _dialer = new(TimeProvider.System);

    /// <summary>Joins.</summary>
    public Task<Admission> AdmitAsync(string name)
    {
        var seat = new ScriptedSeat(_server, "bench", name, _dialer, new Random(1));
        _ = seat.RunAsync(cancellationToken);
        return seat.AdmittedAsync(cancellationToken);
    }

    /// <summary>Joins, and opens a channel.</summary>
    public async Task<MessageChannel> OpenAsync(string name) => await OpenAsync(await AdmitAsync(name));

    /// <summary>Opens a channel of somebody who has joined.</summary>
    public async Task<MessageChannel> OpenAsync(Admission admission)
    {
        int port = admission.Services.First(s => s.Name == ScreenMessages.Service).Port;
        var hello = new Hello(Hello.CurrentVersion, ScreenMessages.Service, admission.Token);
        IChannel channel = (await _dialer.DialAsync(_server with { Port = port }, null, hello, FrameLimits.Tiles, cancellationToken)).Channel;
        return new MessageChannel(channel, ScreenMessages.Set, NullLogger.Instance);
    }

    /// <summary>Runs its receive loop.</summary>
    public void Receive(MessageChannel channel) => _ = channel.RunAsync(cancellationToken);
}

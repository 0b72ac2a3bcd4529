using System.Globalization;
using System.Net;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Net;
using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Mix;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Benchmarks.Audio;

/// <summary>
/// The hub's mixer behind its real UDP service, in a process of its own: <c>mixer-hub people loudest</c>. Prints the port and each person's keys; for each
/// line on its input what its clock has counted since the last one.
/// </summary>
internal static class MixerHub
{
    public static async Task RunAsync(string[] args)
    {
        int people = int.Parse(args[0], CultureInfo.InvariantCulture), loudest = int.Parse(args[1], CultureInfo.InvariantCulture);
        var desk = new AdmissionDesk();
        using var stop = new CancellationTokenSource();
        using var mixer = new Mixer(new LibOpus(), new MediaOptions { Loudest = loudest }, TimeProvider.System);
        var server = new DatagramServer("bench", new DatagramService("audio", 0), (from, payload) => mixer.Find(from)?.Receive(payload), desk, NullLogger.Instance);
        IPEndPoint endpoint = server.Bind(new IPEndPoint(IPAddress.Loopback, 0), "");
        server.Start(stop.Token);
        Print($"port {endpoint.Port}");
        for (int i = 0; i < people; i++) Admit(desk, mixer, i);
        var clock = new MixClock(TimeProvider.System);
        Task mixing = clock.RunAsync(() => mixer.Tick(server), stop.Token);
        await ReportAsync(clock);
        await stop.CancelAsync();
        await mixing;
        await server.StopAsync();
    }

    private static void Admit(AdmissionDesk desk, Mixer mixer, int number)
    {
        var peer = new Peer($"{number}", $"P{number}", "room");
        Admission admission = desk.Admit(peer);
        mixer.Add(peer);
        Print($"seat {admission.Session} {admission.Secret}");
    }

    private static async Task ReportAsync(MixClock clock)
    {
        (long all, long late, long skipped) = clock.Beats;
        while (await Console.In.ReadLineAsync() is not null)
        {
            (long nowAll, long nowLate, long nowSkipped) = clock.Beats;
            Print($"beats {nowAll - all} {nowLate - late} {nowSkipped - skipped} {clock.Lateness.Quantile(0.999)}");
            clock.Lateness.Clear();
            (all, late, skipped) = (nowAll, nowLate, nowSkipped);
        }
    }

    private static void Print(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}

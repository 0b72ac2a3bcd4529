using System.Diagnostics;

namespace LanCollab.Benchmarks.Relay;

/// <summary>What a passage at one rate gave.</summary>
/// <param name="Packets">That reached viewers in the measured time.</param>
/// <param name="Kpps">Thousands of those a second.</param>
/// <param name="Offered">Thousands a second that would have reached them had nothing been lost.</param>
/// <param name="Cpu">Share of a core.</param>
/// <param name="Kernel">How much of it is the kernel's, 0 to 1.</param>
/// <param name="Loss">Share of all that should have come, from the first packet to the last.</param>
/// <param name="Damaged">Of the packets that were opened, those that were not what was sent.</param>
/// <param name="P50">Delay in ms.</param>
internal readonly record struct Passage(double Packets, double Kpps, double Offered, double Cpu, double Kernel, double Loss, double Damaged, double P50, double P99, double Most);

/// <summary>Lets senders send at a rate, and looks at the process in between and at the viewers.</summary>
internal sealed class Course(int process, LoadProcess sending, LoadProcess watching, int viewers, TimeSpan time)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1), Tail = TimeSpan.FromMilliseconds(500);

    /// <param name="kpps">Thousands of packets a second, all viewers together.</param>
    public async Task<Passage> RunAsync(int kpps)
    {
        await watching.AskAsync("count", "seen");
        await sending.AskAsync($"{kpps * 1000 / viewers}", "sent");
        await Task.Delay(WarmUp);
        double[] before = await watching.AskAsync("count", "seen");
        (double user, double kernel) = RelayCores.CpuOf(process);
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(time);
        double[] seen = await watching.AskAsync("count", "seen");
        (double userThen, double kernelThen) = RelayCores.CpuOf(process);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (double sent, double after) = await EndAsync();
        double cpu = userThen - user + kernelThen - kernel;
        double all = sent * viewers, whole = (time + WarmUp).TotalSeconds;
        return new Passage(seen[0], seen[0] / seconds / 1000, all / whole / 1000, cpu / seconds, (kernelThen - kernel) / cpu, 1 - (before[0] + seen[0] + after) / all,
            before[1] + seen[1], seen[3], seen[4], seen[5]);
    }

    private async Task<(double Sent, double After)> EndAsync()
    {
        double[] sent = await sending.AskAsync("0", "sent");
        await Task.Delay(Tail);
        return (sent[0] + (await sending.AskAsync("0", "sent"))[0], (await watching.AskAsync("count", "seen"))[0]);
    }
}

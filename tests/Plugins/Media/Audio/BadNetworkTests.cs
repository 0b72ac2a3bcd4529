using LanCollab.Tests.Support.Faults;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>A minute on bad links. <c>LANCOLLAB_LONG_MINUTES=10</c> makes it ten.</summary>
public sealed class BadNetworkTests
{
    private const int Seed = 20;

    private static TimeSpan Long => TimeSpan.FromMinutes(int.TryParse(Environment.GetEnvironmentVariable("LANCOLLAB_LONG_MINUTES"), out int minutes) ? minutes : 1);

    [Fact]
    public void A_fifth_lost_doubled_reordered_and_late_leaves_speech_whole_and_the_delay_goes_back()
    {
        using var call = new LossyCall(new FaultOptions { Seed = Seed, Loss = 0.2, Duplication = 0.05, Reordering = 0.1, Jitter = TimeSpan.FromMilliseconds(50) });
        call.Run(TimeSpan.FromSeconds(3)); // it is the network's first report that turns correction on
        call.Heard.Clear();
        double most = 0;
        call.Run(Long, () => most = Math.Max(most, call.Held));
        (double share, int longest) = call.Gaps();
        Assert.True(share <= 0.05, $"seed {Seed}: {share:P1} of the time nothing was heard, {longest} ms at most; hub {call.AtHub}, listener {call.AtListener}");
        Assert.True(most <= 300, $"seed {Seed}: {most:F0} ms were held back");
        Assert.True(call.AtHub.Duplicates > 0 && call.AtListener.Duplicates > 0);
        Assert.True(call.Corrected is { Hub: > 0, Listener: > 0 }, $"seed {Seed}: {call.Corrected} were corrected");
        TestContext.Current.SendDiagnosticMessage($"gaps {share:P2}, longest {longest} ms, held {most:F0} ms, corrected {call.Corrected}, hub {call.AtHub}, listener {call.AtListener}");
        call.IsBad = false;
        call.Run(TimeSpan.FromSeconds(10));
        Assert.True(call.Held < 100, $"seed {Seed}: {call.Held:F0} ms are still held back ten seconds later");
    }

    [Fact]
    public void A_twentieth_lost_and_a_little_jitter_leave_no_gap_over_40_ms()
    {
        using var call = new LossyCall(new FaultOptions { Seed = Seed, Loss = 0.05, Jitter = TimeSpan.FromMilliseconds(20) });
        call.Run(TimeSpan.FromSeconds(3));
        call.Heard.Clear();
        call.Run(Long);
        (double share, int longest) = call.Gaps();
        Assert.True(longest <= 40, $"seed {Seed}: a gap of {longest} ms, {share:P2} of the time; hub {call.AtHub}, listener {call.AtListener}");
    }
}

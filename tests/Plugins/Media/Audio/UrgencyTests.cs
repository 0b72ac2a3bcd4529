using System.Globalization;
using LanCollab.Plugins.Media.Audio.Mix;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class UrgencyTests
{
    private const int NiceField = 16; // of /proc/…/stat, counted from the end of the name

    [Fact]
    public void A_thread_that_goes_before_others_hands_that_on_to_none()
    {
        if (!OperatingSystem.IsLinux()) return;
        int own = 0, child = int.MinValue;
        Run(() =>
        {
            Urgency.Raise();
            own = NiceOfThisThread();
            Run(() => child = NiceOfThisThread());
        });
        Assert.True(own is Urgency.Nice or 0, $"{own}"); // 0: this user may not
        Assert.Equal(0, child);
    }

    private static int NiceOfThisThread() =>
        int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ')[NiceField], CultureInfo.InvariantCulture);

    private static void Run(ThreadStart work)
    {
        var thread = new Thread(work);
        thread.Start();
        thread.Join();
    }
}

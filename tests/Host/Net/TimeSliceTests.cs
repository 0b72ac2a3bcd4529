using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

public class TimeSliceTests
{
    [Fact]
    public void A_thread_that_asks_for_short_stretches_has_them_and_others_have_what_they_had()
    {
        Assert.SkipUnless(ReadyLoop.IsSupported && Environment.OSVersion.Version >= new Version(6, 12), "Threads may ask since Linux 6.12.");
        ulong before = TimeSlice.Asked, asked = 0;
        var thread = new Thread(() =>
        {
            TimeSlice.AskForShort();
            asked = TimeSlice.Asked;
        });
        thread.Start();
        thread.Join();
        Assert.InRange(asked, 100_000UL, before - 1);
        Assert.Equal(before, TimeSlice.Asked);
    }
}

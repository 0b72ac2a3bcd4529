using System.Text;
using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

public class FrameLayoutTests
{
    [Fact]
    public void The_reason_of_a_close_is_one_short_line_whatever_was_sent()
    {
        Assert.Equal("bye 2026 ERROR forged", FrameLayout.ReadReason("bye\n2026\u2028ERROR\0forged"u8));
        Assert.Equal(FrameLayout.MaxReason, FrameLayout.ReadReason(Encoding.UTF8.GetBytes(new string('x', 1_000_000))).Length);
    }
}

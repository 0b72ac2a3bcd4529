using System.IO.Pipes;
using LanCollab.Host.Roles;

namespace LanCollab.Tests.Host.Roles;

public class LifelineTests
{
    [Fact]
    public async Task A_child_ends_when_the_parents_end_of_the_pipe_has_closed_and_not_before()
    {
        var parent = new AnonymousPipeServerStream(PipeDirection.Out);
        using var child = new AnonymousPipeClientStream(PipeDirection.In, parent.ClientSafePipeHandle);
        int calls = 0;
        Task watching = Lifeline.Watch(child, () => calls++);
        parent.WriteByte(1);
        Assert.Equal((false, 0), (watching.IsCompleted, calls));
        await parent.DisposeAsync();
        await watching.WaitAsync(Support.Recorded<int>.Patience);
        Assert.Equal(1, calls);
    }
}

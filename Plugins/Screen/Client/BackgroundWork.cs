using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>Work in the background that can be ended and waited for.</summary>
internal sealed class BackgroundWork(IPluginContext context)
{
    /// <summary>Starts work under the shell's care.</summary>
    /// <param name="name">For the log.</param>
    /// <param name="work">Is cancelled when the program stops or one of the tokens ends; a connection that breaks under it is no fault.</param>
    /// <param name="ends">When to cancel.</param>
    /// <returns>Ends after the work, without an exception.</returns>
    public Task Run(string name, Func<CancellationToken, Task> work, params CancellationToken[] ends)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Run(name, async stopping =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource([stopping, .. ends]);
            try
            {
                await work(end.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException || (e is OperationCanceledException && end.IsCancellationRequested))
            {
                // The end that was asked for, or the channel's, which the shell reports itself.
            }
            finally
            {
                done.SetResult();
            }
        });
        return done.Task;
    }
}

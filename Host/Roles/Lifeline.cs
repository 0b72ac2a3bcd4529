namespace LanCollab.Host.Roles;

/// <summary>
/// Ends a child process when its parent has gone, however that went: the parent holds the other end of a pipe, and the system closes it.
/// (Linux's PR_SET_PDEATHSIG would fire when the parent's thread ends that started the child, and pool threads come and go.)
/// </summary>
internal static class Lifeline
{
    /// <param name="pipe">Never written to, read in the background until its end.</param>
    /// <param name="ended">Called once, at the end of the pipe.</param>
    /// <returns>Ends after the call.</returns>
    public static Task Watch(Stream pipe, Action ended) => Task.Factory.StartNew(
        () =>
        {
            Span<byte> ignored = stackalloc byte[64];
            try
            {
                while (pipe.Read(ignored) > 0) { }
            }
            catch (IOException)
            {
                // A pipe that broke has ended, too.
            }
            try
            {
                ended();
            }
            catch (ObjectDisposedException)
            {
                // The program is ending already.
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

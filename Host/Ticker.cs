namespace LanCollab.Host;

/// <summary>Work that is done again and again while the program runs.</summary>
internal static class Ticker
{
    /// <summary>Calls it after each interval until the token ends; a tick that comes while it is at work is left out.</summary>
    public static async Task RunAsync(TimeSpan interval, TimeProvider time, Action look, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false)) look();
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }
}

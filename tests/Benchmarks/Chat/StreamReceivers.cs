namespace LanCollab.Benchmarks.Chat;

/// <summary>Reads TLS streams, one loop for each.</summary>
/// <param name="flow">Told of lines.</param>
/// <param name="weight">Each counts for so many.</param>
internal sealed class StreamReceivers(Flow flow, int weight)
{
    private const int BufferSize = 256 * 1024;
    private int _closed;

    /// <summary>Receivers whose connection has ended.</summary>
    public int Closed => _closed;

    public void Add(TlsStream stream, LineCounter counter)
    {
        stream.Inner.Shared = true;
        _ = Task.Run(() => RunAsync(stream, counter));
    }

    private async Task RunAsync(Stream stream, LineCounter counter)
    {
        byte[] buffer = new byte[BufferSize];
        try
        {
            while (true)
            {
                int carried = counter.Restore(buffer);
                int read = await stream.ReadAsync(buffer.AsMemory(carried)).ConfigureAwait(false);
                if (read == 0) break;
                flow.Add(weight * counter.Feed(buffer.AsSpan(0, carried + read)));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Closed, by the server or at the end.
        }
        Interlocked.Increment(ref _closed);
    }
}

using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>One connection's hold on one upload.</summary>
internal sealed class UploadSession
{
    private readonly FileStore _store;
    private readonly UploadSessions _sessions;
    private readonly UploadRow _row;

    // Held from the start until the part is open: whoever takes over meanwhile waits for that.
    private readonly SemaphoreSlim _gate = new(0, 1);
    private PartFile? _part;
    private bool _detached;

    private UploadSession(FileStore store, UploadSessions sessions, UploadRow row) => (_store, _sessions, _row) = (store, sessions, row);

    /// <summary>The upload.</summary>
    public UploadRow Row => _row;

    /// <summary>Everything below is on the disk for good.</summary>
    public long Committed { get; private set; }

    /// <summary>Takes the upload over and opens its part.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public static async Task<UploadSession> OpenAsync(FileStore store, UploadSessions sessions, UploadRow row, CancellationToken cancellationToken)
    {
        var session = new UploadSession(store, sessions, row);
        UploadSession? before = sessions.Enter(row.Key, session);
        try
        {
            if (before is not null) await before.DetachAsync().ConfigureAwait(false);
            session._part = await store.OpenPartAsync(row, cancellationToken).ConfigureAwait(false);
            session.Committed = session._part.Receiver.Committed;
            return session;
        }
        catch
        {
            sessions.Leave(row.Key, session);
            throw;
        }
        finally
        {
            session._gate.Release();
        }
    }

    /// <summary>Takes a block.</summary>
    /// <returns>True when <see cref="Committed"/> is to be acknowledged.</returns>
    /// <exception cref="ProtocolErrorException">The block is wrong, or another connection has taken over.</exception>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            BlockReceiver receiver = Part.Receiver;
            bool grown = await receiver.TakeAsync(frame, cancellationToken).ConfigureAwait(false);
            Committed = receiver.Committed;
            return grown;
        }
        catch (IOException)
        {
            Part.CutToCommitted();
            Close();
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>All bytes are sent.</summary>
    /// <returns>The new file.</returns>
    /// <exception cref="UserErrorException"><c>incomplete</c>, <c>hash-mismatch</c> (the upload is thrown away).</exception>
    public async Task<FileRow> CompleteAsync(Peer peer, string sha256, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Finish(peer, sha256);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets go of the part; blocks that still come are refused.</summary>
    public async Task DetachAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        Close();
        _gate.Release();
    }

    /// <summary>The connection has gone.</summary>
    public async Task EndAsync()
    {
        await DetachAsync().ConfigureAwait(false);
        try
        {
            _store.Touch(_row.Key);
        }
        finally
        {
            // Also when the disk is full: otherwise this upload would never be swept away.
            _sessions.Leave(_row.Key, this);
        }
    }

    private void Close()
    {
        _detached = true;
        _part?.Dispose();
        _part = null;
    }

    private PartFile Part => _detached || _part is null
        ? throw new ProtocolErrorException("This upload goes on over another connection, or has ended.")
        : _part;

    private FileRow Finish(Peer peer, string sha256)
    {
        BlockReceiver receiver = Part.Receiver;
        if (!receiver.IsComplete) throw new UserErrorException("incomplete", $"The server has {receiver.Offset} of {_row.Size} bytes.");
        string actual = Part.Sha256;
        Close();
        if (string.Equals(actual, sha256, StringComparison.OrdinalIgnoreCase)) return _store.Finish(_row, peer, actual);
        _store.Discard(_row.Key);
        throw new UserErrorException("hash-mismatch", $"What arrived of {_row.Name} is not what was sent; the upload is thrown away.");
    }
}

using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The disk did not take an upload's bytes, and its client has been told.</summary>
internal sealed class StoreFailedException(Exception cause) : Exception("The store did not take the data.", cause)
{
    private const int NoSpace = 28;        // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT
    private const int SqliteFull = 13;     // SQLITE_FULL

    /// <summary>True when the disk, or the database on it, has failed.</summary>
    public static bool IsStore(Exception e) => e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException;

    /// <summary>What the uploader is told: <c>disk-full</c> or <c>storage-error</c>.</summary>
    public static UserErrorException Refusal(Exception cause)
    {
        bool full = cause.HResult is NoSpace or QuotaExceeded || cause is Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SqliteFull };
        return full ? StoreLimits.DiskFull() : new UserErrorException("storage-error", "The server's disk does not take the file; tell the person who runs it.");
    }
}

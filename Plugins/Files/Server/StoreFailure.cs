using LanCollab.Contracts;
using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Files;

/// <summary>The disk, or the database on it, and what people are told of it.</summary>
internal static class StoreFailure
{
    private const int NoSpace = 28;        // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT
    private const int SqliteFull = 13;     // SQLITE_FULL

    /// <summary>True when the disk, or the database on it, has failed.</summary>
    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException or SqliteException;

    /// <summary>What the uploader is told: <c>disk-full</c> or <c>storage-error</c>.</summary>
    public static UserErrorException Refusal(Exception cause)
    {
        bool full = cause.HResult is NoSpace or QuotaExceeded || cause is SqliteException { SqliteErrorCode: SqliteFull };
        return full ? StoreLimits.DiskFull() : new UserErrorException("storage-error", "The server's disk takes no files at the moment; tell the person who runs it. Chat and calls go on.");
    }
}

using LanCollab.Contracts;
using Microsoft.Data.Sqlite;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>What a failure of the store means to who wanted to write. Codes: https://sqlite.org/rescode.html</summary>
internal static class StoreErrors
{
    private const int Busy = 5, Locked = 6, Corrupt = 11, Full = 13, NotADatabase = 26;
    private const int WriteFailed = 778, FsyncFailed = 1034, DirectoryFsyncFailed = 1290, NoSpaceForIndex = 4874;

    /// <summary>A write or a flush was answered with an error: what is on the disk is unknown now.</summary>
    public static bool IsDiskFailure(SqliteException e) => e.SqliteExtendedErrorCode is WriteFailed or FsyncFailed or DirectoryFsyncFailed;

    /// <summary>One sentence for a person.</summary>
    public static UserErrorException Refusal(SqliteException e) => e.SqliteErrorCode switch
    {
        Full => DiskFull(),
        _ when e.SqliteExtendedErrorCode == NoSpaceForIndex => DiskFull(),
        Busy or Locked => new("store-locked", "Another program holds the server's chat history, so this was not saved and not sent; try again."),
        Corrupt or NotADatabase => new("store-damaged", "The server's chat history is damaged, so this was not saved and not sent; the server must be started again."),
        _ => NotSaved(),
    };

    /// <summary>For everything that has no sentence of its own.</summary>
    public static UserErrorException NotSaved() =>
        new("not-saved", "The server could not save this, so it was not sent; tell the person who runs the server.");

    private static UserErrorException DiskFull() => new("disk-full", "The server's disk is full, so this was not saved and not sent; tell the person who runs the server.");
}

using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>Event ids 4000-4999. Tokens are never logged.</summary>
internal static partial class FilesLog
{
    [LoggerMessage(4000, LogLevel.Information, "upload of {Name} ({Size} bytes) by {Person} goes on at {Offset}")]
    public static partial void UploadOpened(ILogger log, string name, long size, string person, long offset);

    [LoggerMessage(4001, LogLevel.Information, "{Person} shares {Name} ({Size} bytes) as {Id}")]
    public static partial void Shared(ILogger log, string person, string name, long size, string id);

    [LoggerMessage(4002, LogLevel.Information, "file {Id} is gone: {Reason}")]
    public static partial void Gone(ILogger log, string id, string reason);

    [LoggerMessage(4003, LogLevel.Warning, "the store does not take data: uploads wait, everything else goes on")]
    public static partial void StoreFailed(ILogger log, Exception cause);

    [LoggerMessage(4005, LogLevel.Information, "{Count} unfinished uploads were too old and are thrown away")]
    public static partial void UploadsExpired(ILogger log, int count);

    [LoggerMessage(4006, LogLevel.Warning, "the watcher {Person} does not read and is closed; it asks for the list again")]
    public static partial void WatcherTooSlow(ILogger log, string person);

    [LoggerMessage(4007, LogLevel.Warning, "the store could not be swept; the next round tries again")]
    public static partial void SweepFailed(ILogger log, Exception cause);

    [LoggerMessage(4008, LogLevel.Debug, "a download of {Id} ended early: {Reason}")]
    public static partial void DownloadEnded(ILogger log, string id, string reason);

    [LoggerMessage(4100, LogLevel.Information, "transfer of {Name} waits: {Reason}")]
    public static partial void TransferWaits(ILogger log, string name, string reason);

    [LoggerMessage(4101, LogLevel.Warning, "transfer of {Name} failed: {Reason}")]
    public static partial void TransferFailed(ILogger log, string name, string reason);

    [LoggerMessage(4102, LogLevel.Information, "{Name} is {Direction}, begun at byte {Offset}")]
    public static partial void TransferDone(ILogger log, string name, string direction, long offset);

    [LoggerMessage(4103, LogLevel.Warning, "the journal of transfers cannot be read and is set aside as {Path}")]
    public static partial void JournalUnreadable(ILogger log, string path, Exception cause);

    [LoggerMessage(4104, LogLevel.Debug, "{Path} could not be removed")]
    public static partial void NotRemoved(ILogger log, string path, Exception cause);

    [LoggerMessage(4110, LogLevel.Warning, "other clients cannot fetch from this one: {Reason}")]
    public static partial void NoDoor(ILogger log, string reason);

    [LoggerMessage(4111, LogLevel.Information, "blocks of file {Id} do not come from client {Client} any more: {Reason}")]
    public static partial void SourceEnded(ILogger log, string id, string client, string reason);

    [LoggerMessage(4112, LogLevel.Debug, "the hub's swarm is not there: {Reason}")]
    public static partial void NoSwarm(ILogger log, string reason);
}

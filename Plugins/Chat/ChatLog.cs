using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat;

/// <summary>Event ids 3000-3999. What people say is never logged.</summary>
internal static partial class ChatLog
{
    [LoggerMessage(3000, LogLevel.Information, "Chat history in {File}")]
    public static partial void StoreOpened(ILogger log, string file);

    [LoggerMessage(3001, LogLevel.Error, "{Count} chat lines could not be saved and were refused")]
    public static partial void SaveFailed(ILogger log, Exception error, int count);

    [LoggerMessage(3002, LogLevel.Critical, "The disk below the chat history failed: no line is taken until the server is started again")]
    public static partial void StoreBroken(ILogger log);

    [LoggerMessage(3003, LogLevel.Warning, "{Peer} reads chat too slowly and is disconnected; it will come back and catch up")]
    public static partial void SlowReader(ILogger log, string peer);

    [LoggerMessage(3004, LogLevel.Debug, "{Peer} throttled for {Wait}")]
    public static partial void Throttled(ILogger log, string peer, TimeSpan wait);

    [LoggerMessage(3005, LogLevel.Error, "The chat file {File} cannot be used ({Reason}); it was kept as {Aside}, and an empty one was begun")]
    public static partial void SetAside(ILogger log, string file, string aside, string reason);

    [LoggerMessage(3006, LogLevel.Information, "{Count} old chat lines and changes were forgotten")]
    public static partial void Forgotten(ILogger log, int count);

    [LoggerMessage(3007, LogLevel.Warning, "Old chat lines could not be forgotten now: {Reason}")]
    public static partial void TidyFailed(ILogger log, string reason);

    [LoggerMessage(3008, LogLevel.Error, "The log of the chat history could not be moved into its file")]
    public static partial void CheckpointFailed(ILogger log, Exception error);

    [LoggerMessage(3100, LogLevel.Debug, "Chat caught up to line {Seq} of {Room}")]
    public static partial void CaughtUp(ILogger log, long seq, string room);

    [LoggerMessage(3101, LogLevel.Warning, "The server did not answer a chat request within {Patience}; connecting again")]
    public static partial void NoAnswer(ILogger log, TimeSpan patience);
}

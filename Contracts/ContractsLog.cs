using Microsoft.Extensions.Logging;

namespace LanCollab.Contracts;

/// <summary>Event ids 100-199.</summary>
internal static partial class ContractsLog
{
    [LoggerMessage(100, LogLevel.Debug, "{Message} refused: {Code}: {Reason}")]
    public static partial void Refused(ILogger log, string message, string code, string reason);
}

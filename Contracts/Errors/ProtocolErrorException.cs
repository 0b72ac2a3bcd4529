namespace LanCollab.Contracts;

/// <summary>The other side broke the protocol: its channel is closed with this reason, nobody else notices.</summary>
/// <param name="message">What was expected and what came, with both numbers where there are two.</param>
public sealed class ProtocolErrorException(string message, Exception? cause = null) : Exception(message, cause);

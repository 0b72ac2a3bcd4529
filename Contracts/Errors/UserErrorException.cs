namespace LanCollab.Contracts;

/// <summary>A polite refusal: the request is answered with <c>error</c>, the channel stays open.</summary>
/// <param name="code">Stable, for programs: <c>name-taken</c>.</param>
/// <param name="message">One sentence for a person, with what to do about it.</param>
public sealed class UserErrorException(string code, string message) : Exception(message)
{
    /// <summary>The stable code.</summary>
    public string Code { get; } = code;

    /// <summary>When to try again, for a refusal that passes by itself; <c>retryAfterMs</c> on the wire.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

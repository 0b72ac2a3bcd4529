using Microsoft.Extensions.Logging;

namespace LanCollab.Tests.Support;

/// <summary>A line of the log.</summary>
public sealed record LogLine(LogLevel Level, EventId Id, string Text, Exception? Exception)
{
    /// <inheritdoc />
    public override string ToString() => $"{Level} {Id.Id} {Text}{(Exception is null ? "" : $" ({Exception.GetType().Name}: {Exception.Message})")}";
}

/// <summary>Keeps what was logged; is its own factory.</summary>
public sealed class TestLog : ILogger, ILoggerFactory
{
    /// <summary>All lines.</summary>
    public Recorded<LogLine> Lines { get; } = new("a log line");

    /// <inheritdoc />
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add(new LogLine(logLevel, eventId, formatter(state, exception), exception));

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc />
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc />
    public void AddProvider(ILoggerProvider provider) { }

    /// <inheritdoc />
    public void Dispose() { }
}

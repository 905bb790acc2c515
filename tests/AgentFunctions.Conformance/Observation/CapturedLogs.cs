using Microsoft.Extensions.Logging;

namespace AgentFunctions.Conformance.Observation;

/// <summary>A logger factory that writes every message of the suite's own category to a ledger.</summary>
public sealed class CapturedLogs(Ledger ledger) : ILoggerFactory, ILogger
{
    /// <summary>The category whose messages are kept.</summary>
    public const string Category = "Conformance";

    public ILogger CreateLogger(string categoryName) =>
        string.Equals(categoryName, Category, StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The suite's logs go to its ledger only.");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        ledger.Add(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StashAI.Gateway.Tests.Wire;

/// <summary>Keeps every log entry of warning level and above.</summary>
internal sealed class CollectingLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(LogLevel Level, Exception? Error)> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Entries.Enqueue((logLevel, exception));
        }
    }

    public void Dispose()
    {
    }
}

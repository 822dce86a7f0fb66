using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>Keeps what a server logs as an error, and apart from that its warnings.</summary>
internal sealed class ErrorLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<string> warnings = new();

    public IReadOnlyCollection<string> Lines => [.. lines];

    public IReadOnlyCollection<string> Warnings => [.. warnings];

    public ILogger CreateLogger(string categoryName) => new Logger(lines, warnings);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<string> lines, ConcurrentQueue<string> warnings) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                (logLevel == LogLevel.Warning ? warnings : lines).Enqueue($"{formatter(state, exception)} {exception}");
            }
        }
    }
}

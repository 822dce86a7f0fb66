using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace StashAI.Server.Tests.Hosting;

/// <summary>A logger that keeps its entries and lets a test wait for one.</summary>
internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    private readonly Channel<(LogLevel Level, string Text)> entries = Channel.CreateUnbounded<(LogLevel, string)>();

    /// <summary>Reads on to the first entry that holds <paramref name="part"/>.</summary>
    public async Task<(LogLevel Level, string Text)> WaitForAsync(string part)
    {
        while (true)
        {
            var entry = await entries.Reader.ReadAsync(TestContext.Current.CancellationToken);
            if (entry.Text.Contains(part, StringComparison.Ordinal))
            {
                return entry;
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) => entries.Writer.TryWrite((logLevel, formatter(state, exception)));
}

using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Live;

/// <summary>What the log says when a job ends.</summary>
public sealed class JobLogTests
{
    [Fact]
    public async Task The_end_of_a_job_is_told_with_name_service_counts_and_reason()
    {
        using var log = new EndLog();
        await using var gateway = await GatewayHost.StartAsync(configure: builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Information);
            builder.Services.AddSingleton<ILoggerProvider>(log);
        });
        gateway.Visage.Script = _ => Reply.Status(400);

        var job = await gateway.SubmitAsync("a photo");
        await gateway.EndOfAsync(job);

        var line = await log.Lines.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith($"Job {job} of visage", line, StringComparison.Ordinal);
        Assert.Contains("-> Failed, 0 completed, 1 failed, 0 cancelled of 1: ", line, StringComparison.Ordinal);
    }

    private sealed class EndLog : ILoggerProvider, ILogger
    {
        public Channel<string> Lines { get; } = Channel.CreateUnbounded<string>();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "JobEnded") Lines.Writer.TryWrite(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}

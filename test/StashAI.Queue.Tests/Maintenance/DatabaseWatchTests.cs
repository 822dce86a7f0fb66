using Microsoft.Extensions.Logging;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;

namespace StashAI.Queue.Tests.Maintenance;

public sealed class DatabaseWatchTests : IDatabaseCheck, ILogger
{
    private readonly List<(LogLevel Level, string Text)> log = [];
    private DatabaseHealth health = new(TimeSpan.Zero, null, 0, 0, null);

    [Fact]
    public async Task What_is_wrong_is_said_once_until_it_is_right_again()
    {
        var watch = new DatabaseWatch(this, TimeSpan.FromMinutes(10), this);
        await RunOnceAsync(watch, health);
        Assert.Null(watch.Warning);

        await RunOnceAsync(watch, new DatabaseHealth(TimeSpan.FromMinutes(12), "Session 7 (psql)", 0, 0, null));
        await RunOnceAsync(watch, new DatabaseHealth(TimeSpan.FromMinutes(13), "Session 7 (psql)", 0, 0, null));

        Assert.Contains("Session 7 (psql) has held a transaction open for 13 minutes", watch.Warning, StringComparison.Ordinal);
        Assert.Contains("12 minutes", Assert.Single(log).Text, StringComparison.Ordinal);
        await RunOnceAsync(watch, new DatabaseHealth(TimeSpan.FromMinutes(9), "Session 7 (psql)", 0, 0, null));
        Assert.Null(watch.Warning);
        Assert.Equal([LogLevel.Warning, LogLevel.Information], log.Select(line => line.Level));
    }

    [Theory]
    [InlineData(400_000, 10, false)]
    [InlineData(600_000, 10, true)]
    [InlineData(600_000, 700_000, false)]
    public async Task Dead_rows_matter_when_they_are_many_and_more_than_the_live_ones(long dead, long live, bool isWarned)
    {
        var watch = new DatabaseWatch(this, TimeSpan.FromMinutes(10), this);

        await RunOnceAsync(watch, new DatabaseHealth(TimeSpan.Zero, null, dead, live, "queue_tasks"));

        Assert.Equal(isWarned, watch.Warning?.Contains("queue_tasks", StringComparison.Ordinal) ?? false);
    }

    Task<DatabaseHealth> IDatabaseCheck.CheckAsync(CancellationToken cancellationToken) => Task.FromResult(health);

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        log.Add((logLevel, formatter(state, exception)));

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    private Task<TimeSpan> RunOnceAsync(DatabaseWatch watch, DatabaseHealth next)
    {
        health = next;
        return watch.RunOnceAsync(TestContext.Current.CancellationToken);
    }
}

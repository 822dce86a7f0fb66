using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>The database server crashes and comes back while two processes work on a job.</summary>
public sealed class PostgresCrashTests
{
    private const int Tasks = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_lost_nothing_is_finalized_twice_and_both_processes_go_on()
    {
        if (PostgresInstallation.Find() is not { } installation)
        {
            Assert.Skip("PostgreSQL is not installed.");
            return;
        }

        await using var server = await PrivatePostgres.StartAsync(installation, Cancellation);
        var database = await server.CreateDatabaseAsync(Cancellation);
        await using var service = await ScriptedService.StartAsync(Cancellation);
        using var gate = new Gate();
        service.Script = call => call.Number <= 60 ? Reply.Json("{}") : Reply.Hold(gate, Reply.Json("{}"));
        await using var first = await PostgresStore.OpenAsync(new PostgresSettings { Url = database.Url }, Cancellation);
        await using var second = await PostgresStore.OpenAsync(new PostgresSettings { Url = database.Url }, Cancellation);
        using var http = new HttpClient();
        // Polling cannot be what brings the second process back to work: it is told that the database is there again.
        using var one = Engine(first, http, TimeSpan.FromMilliseconds(50));
        using var two = Engine(second, http, TimeSpan.FromHours(1));
        await one.StartAsync(Cancellation);
        await two.StartAsync(Cancellation);
        var job = await SubmitAsync(one, service, Tasks);
        await service.Ledger.WaitForCallsInFlightAsync(8, Cancellation);
        await server.CrashAsync();
        // The calls end while there is no database to record them in.
        gate.Open();
        await service.Ledger.WaitForNoCallsInFlightAsync(Cancellation);
        await server.StartAgainAsync(Cancellation);

        var view = await EngineHouse.WaitForEndAsync(one, job, TimeSpan.FromSeconds(50));

        Assert.Equal((JobState.Completed, Tasks), (view.State, view.Counters.Completed));
        Assert.Equal(Tasks, service.Ledger.Items.Count);
        // The leases outlive the outage, so each call in flight is recorded by the process that made it.
        Assert.Equal(Tasks, service.Ledger.Count);
        Assert.Equal($"{Tasks}|{Tasks}", await server.QueryAsync(
            database.Name, "SELECT COUNT(*), SUM(version - 1) / 2 FROM queue_tasks WHERE state = 3 AND fence = 1", Cancellation));
        Assert.Equal($"{Tasks}", await server.QueryAsync(database.Name, "SELECT COUNT(*) FROM task_results", Cancellation));
        Assert.True(one.IsHealthy && two.IsHealthy);

        // The listeners are back as well: a new job starts in both processes, one of which polls once an hour.
        using var again = new Gate();
        service.Script = _ => Reply.Hold(again, Reply.Json("{}"));
        var next = await SubmitAsync(one, service, 8);
        await service.Ledger.WaitForCallsInFlightAsync(8, Cancellation);
        again.Open();
        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(one, next)).State);
        await two.StopAsync(Cancellation);
        await one.StopAsync(Cancellation);
        PostgresInvariants.Check(database.ConnectionString);
    }

    private static async Task<EnqueuedJob> SubmitAsync(QueueEngine engine, ScriptedService service, int tasks)
    {
        await using var upload = engine.OpenUpload();
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(TestJobs.Input(i), Cancellation);
        }

        return await engine.CommitAsync(upload, TestJobs.Job with { Upstream = new Uri(service.Url + "/echo") }, Cancellation);
    }

    private static QueueEngine Engine(PostgresStore store, HttpClient http, TimeSpan poll) => new(
        store, new ServiceRegistry([new JsonPostAdapter()]), new LiteralUpstreams(), http,
        EngineHouse.Options with
        {
            PollInterval = poll,
            MaxAhead = 0,
            Lease = TimeSpan.FromMinutes(5),
            Heartbeat = TimeSpan.FromMilliseconds(200),
        },
        new QueueFeed(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
}

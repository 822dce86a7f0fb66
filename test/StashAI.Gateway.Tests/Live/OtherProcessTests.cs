using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace StashAI.Gateway.Tests.Live;

/// <summary>Progress that other processes make: the live routes and the engine share nothing but the database.</summary>
public sealed class OtherProcessTests(PostgresFixture postgres)
{
    private const int Tasks = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gateway_shows_what_workers_elsewhere_do_on_sqlite()
    {
        using var folder = new TempFolder();
        var settings = new SqliteSettings { Path = folder.File("queue.db") };
        await using var gateway = await SqliteStore.OpenAsync(settings, Cancellation);
        await using var worker = await SqliteStore.OpenAsync(settings, Cancellation);

        await FollowAsync(gateway, worker);
    }

    [Fact]
    public async Task A_gateway_shows_what_workers_elsewhere_do_on_postgresql()
    {
        var database = await postgres.CreateQueueAsync(Cancellation);
        var settings = new PostgresSettings { Url = database.Url };
        await using var gateway = await PostgresStore.OpenAsync(settings, Cancellation);
        await using var worker = await PostgresStore.OpenAsync(settings, Cancellation);

        await FollowAsync(gateway, worker);
    }

    [Fact]
    public async Task A_database_that_fails_for_a_while_costs_a_delay_and_nothing_else()
    {
        using var folder = new TempFolder();
        await using var store = await SqliteStore.OpenAsync(new SqliteSettings { Path = folder.File("queue.db") }, Cancellation);
        var (reads, broken) = BreakableRead.Over(store.Read);
        await using var host = await LiveHost.StartAsync(store, reads: reads);
        var node = store.Nodes.Register("test", TimeSpan.FromMinutes(10));
        var job = await store.EnqueueAsync(node, 1, TestJobs.Job, Cancellation);
        using var client = await LiveClient.ConnectAsync(host.Url);
        await client.FollowJobAsync($"{job.JobId}");
        await client.UntilAsync(message => message.Text("type") == "job_progress");

        broken.Break();
        var refused = await client.AskAsync($$"""{"type":"subscribe_job","job_id":"{{job.JobId}}"}""", "error");
        await client.AskAsync("""{"type":"subscribe_queue_stats"}""", "subscription_confirmed");
        await store.Control.CancelJobAsync(job.Key, Cancellation);
        broken.Repair();
        var ended = await client.UntilAsync(message => message.Text("type") == "job_progress");
        Assert.Contains("database", refused.Text("message"), StringComparison.Ordinal);
        Assert.Equal("cancelled", ended.Text("status"));
        await client.UntilAsync(message => message.Text("type") == "queue_stats");
        Assert.Empty(host.Errors.Lines);
    }

    private static async Task FollowAsync(IQueueStore gateway, IQueueStore worker)
    {
        await using var host = await LiveHost.StartAsync(gateway, new LiveLimits { Poll = TimeSpan.FromMilliseconds(60) });
        await using var service = await ScriptedService.StartAsync(Cancellation);
        using var gate = new Gate();
        service.Script = _ => Reply.Hold(gate, Reply.Json("[1]"));
        var node = gateway.Nodes.Register("gateway", TimeSpan.FromMinutes(10));
        var job = await gateway.EnqueueAsync(node, Tasks, TestJobs.Job with { Upstream = new Uri(service.Url + "/echo") }, Cancellation);
        var tasks = Enumerable.Range(0, Tasks).Select(i => $"{TaskKey.TaskId(job.JobId, i)}").ToArray();
        using var client = await LiveClient.ConnectAsync(host.Url);
        await client.FollowJobAsync($"{job.JobId}");
        foreach (var task in tasks) await client.SendAsync($$"""{"type":"subscribe_task","task_id":"{{task}}"}""");
        await client.AskAsync("""{"type":"subscribe_queue_stats"}""", "subscription_confirmed");
        var before = await client.UntilAsync(message => message.Text("type") == "queue_stats");

        var ended = new HashSet<string>();
        var isJobOver = false;
        using var engine = Engine(worker);
        await engine.StartAsync(Cancellation);
        try
        {
            await UntilAsync(message => message.Text("type") == "job_progress" && message.Text("status") == "running");
            gate.LetThrough(3);
            await UntilAsync(message => message.Text("type") == "job_progress" && message.Whole("completed_tasks") == 3);
            gate.Open();
            await UntilAsync(_ => isJobOver && ended.Count == Tasks);
        }
        finally
        {
            await engine.StopAsync(CancellationToken.None);
        }

        Assert.Equal(Tasks, before.GetProperty("data").Whole("pending_tasks"));
        await client.UntilAsync(
            message => message.Text("type") == "queue_stats" && message.GetProperty("data").Whole("completed_tasks") == Tasks);

        Task UntilAsync(Func<JsonElement, bool> condition) => client.UntilAsync(message =>
        {
            if (message.Has("status") && message.Text("status") == "completed")
            {
                if (message.Text("type") == "task_status") Assert.True(ended.Add(message.Text("task_id")));
                else isJobOver = true;
            }

            return condition(message);
        });
    }

    private static QueueEngine Engine(IQueueStore store) => new(
        store, new ServiceRegistry([new JsonPostAdapter()]), new LiteralUpstreams(), new HttpClient(), new QueueOptions { Workers = 4 },
        new QueueFeed(), TimeProvider.System, NullLoggerFactory.Instance);
}

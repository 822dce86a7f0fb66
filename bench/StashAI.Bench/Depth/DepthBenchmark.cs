using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Bench.Load;
using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Bench.Depth;

/// <summary>What a claim, an apply and a drain cost with more and more open tasks.</summary>
internal static class DepthBenchmark
{
    private const int BatchSize = 100;
    private const int Rounds = 60;
    private const int Drained = 10_000;
    private static readonly byte[] Output = """{"label":"cat","score":0.98}"""u8.ToArray();

    public static async Task<int> RunAsync(bool usesPostgres, IReadOnlyList<int> depths, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(usesPostgres, null, cancellationToken);
        await using var stub = await StubProcess.StartAsync(TimeSpan.Zero, cancellationToken);
        Console.WriteLine(
            $"{(usesPostgres ? "PostgreSQL" : "SQLite")}: claims and applies of {BatchSize} tasks, median of {Rounds}; then a drain of "
            + $"{Drained} tasks, 32 at once, service 0 ms");
        Console.WriteLine("  open tasks                                   claim ms   apply ms   drain/s   RSS +MB");
        foreach (var isOneJob in (bool[])[true, false])
        {
            foreach (var depth in depths) await MeasureAsync(databases, stub.Url, depth, isOneJob, cancellationToken);
        }

        return 0;
    }

    private static async Task MeasureAsync(
        LoadDatabases databases, Uri service, int depth, bool isOneJob, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            var database = await databases.CreateAsync(folder, cancellationToken);
            if (isOneJob) await OpenTasks.FillOneJobAsync(database, service, depth, cancellationToken);
            else await OpenTasks.FillSmallJobsAsync(database, service, depth, cancellationToken);
            GC.Collect();
            var memory = Environment.WorkingSet;
            await using var store = await database.OpenStoreAsync(cancellationToken);
            // Of 1,000 tasks not all may be taken: then there would be nothing left to drain.
            var rounds = Math.Min(Rounds, (isOneJob ? depth : depth / 2) / BatchSize / 2);
            var (claim, apply) = await CycleAsync(store, rounds, cancellationToken);
            var left = (isOneJob ? depth : depth / 2) - (rounds * BatchSize);
            var drain = await DrainAsync(store, Math.Min(Drained, left), cancellationToken);
            Console.WriteLine(
                $"  {$"{depth:N0} {(isOneJob ? "in one job" : "in jobs of one, half of them parked")}",-44} {claim,8:N2} {apply,10:N2} "
                + $"{drain,9:N0} {(Process.GetCurrentProcess().WorkingSet64 - memory) >> 20,9}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Claim, double Apply)> CycleAsync(IQueueStore store, int rounds, CancellationToken cancellationToken)
    {
        await store.Gate.DeclareAsync([new PostAdapter().Manifest], cancellationToken);
        var node = store.Nodes.Register("depth", TimeSpan.FromMinutes(5));
        var (claims, applies) = (new List<double>(), new List<double>());
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var batch = await store.Work.ClaimAsync(node, BatchSize, 0, ["bench"], cancellationToken);
            claims.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            var results = batch.Tasks.Select(task => new AttemptResult
            {
                Task = task,
                Event = TaskEvent.Succeed,
                Output = Output,
                Call = new CallReport(200),
                Duration = TimeSpan.FromMilliseconds(1),
            }).ToList();
            start = Stopwatch.GetTimestamp();
            await store.Work.ApplyAsync(node, results, cancellationToken);
            applies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        store.Nodes.Leave(node);
        claims.Sort();
        applies.Sort();
        return (claims[claims.Count / 2], applies[applies.Count / 2]);
    }

    private static async Task<double> DrainAsync(IQueueStore store, int tasks, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 256 };
        using var http = new HttpClient(handler);
        var feed = new QueueFeed();
        // The first tenth warms up.
        var (warm, end) = (new CompletedTasks(tasks / 10), new CompletedTasks(tasks));
        using var listeningWarm = feed.Listen(warm);
        using var listening = feed.Listen(end);
        using var engine = new QueueEngine(
            store, new ServiceRegistry([new PostAdapter()]), new LiteralUpstreams(), http, new QueueOptions { Workers = 32 }, feed,
            TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(cancellationToken);
        await warm.Reached.WaitAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        await end.Reached.WaitAsync(cancellationToken);
        var rate = tasks * 0.9 / watch.Elapsed.TotalSeconds;
        await engine.StopAsync(cancellationToken);
        return rate;
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Bench.Load;

/// <summary>
/// Drains the same different items three times on one database: without known results, with all of them unknown, and with all of them
/// known. The order changes from run to run.
/// </summary>
internal static class KnownBenchmark
{
    public static async Task<int> RunAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(plan.StartsPostgres, plan.Database, cancellationToken);
        await using var stub = await StubProcess.StartAsync(plan.Delay, cancellationToken);
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 256 };
        using var http = new HttpClient(handler);
        await MeasureAsync(plan with { Tasks = Math.Min(plan.Tasks, 20_000) }, databases, http, stub.Url, 0, cancellationToken);
        Console.WriteLine(
            $"{plan.Tasks} different tasks of {plan.Bytes} bytes, {plan.Parallel} at once, service {plan.Delay.TotalMilliseconds} ms; "
            + "tasks/s");
        Console.WriteLine("        off   unknown     known");
        for (var run = 0; run < plan.Runs; run++)
        {
            var (off, unknown, known) = await MeasureAsync(plan, databases, http, stub.Url, run, cancellationToken);
            Console.WriteLine($"  {off,9:N0} {unknown,9:N0} {known,9:N0}");
        }

        return 0;
    }

    private static async Task<(double Off, double Unknown, double Known)> MeasureAsync(
        LoadPlan plan, LoadDatabases databases, HttpClient http, Uri url, int run, CancellationToken cancellationToken)
    {
        var path = Path.Combine(plan.Folder, $"stashai-bench-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        try
        {
            await using var store = await (await databases.CreateAsync(path, cancellationToken)).OpenStoreAsync(cancellationToken);
            var feed = new QueueFeed();
            using var engine = new QueueEngine(
                store, new ServiceRegistry([new PostAdapter(knows: true)]), new LiteralUpstreams(), http,
                new QueueOptions { Workers = plan.Parallel }, feed, TimeProvider.System, NullLoggerFactory.Instance);
            await engine.StartAsync(cancellationToken);
            var off = run % 2 == 0 ? await DrainAsync(ResultCache.Off) : 0;
            var unknown = await DrainAsync(ResultCache.Use);
            var known = await DrainAsync(ResultCache.Use);
            if (run % 2 != 0) off = await DrainAsync(ResultCache.Off);
            await engine.StopAsync(cancellationToken);
            return (off, unknown, known);

            async Task<double> DrainAsync(ResultCache cache)
            {
                var end = new EndOfJob();
                using var listening = feed.Listen(end);
                await using (var upload = engine.OpenUpload())
                {
                    for (var i = 0; i < plan.Tasks; i++)
                    {
                        upload.BeginTask();
                        await upload.EndTaskAsync(plan.BodyOf(i), cancellationToken);
                    }

                    // Its calls begin with the commit.
                    await engine.CommitAsync(
                        upload,
                        new NewJob
                        {
                            Service = "bench",
                            JobType = "bench_batch_post",
                            TaskType = "bench_post",
                            Upstream = url,
                            Cache = cache,
                        },
                        cancellationToken);
                }

                var watch = Stopwatch.StartNew();
                await end.Ended;
                return plan.Tasks / watch.Elapsed.TotalSeconds;
            }
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;

namespace StashAI.Bench.Load;

/// <summary>
/// Drains one job and compares with a bare loop of the same calls, or a lane with a limit with the same lane without, measured before and
/// after in the same run.
/// </summary>
internal static class LoadBenchmark
{
    public static async Task<int> RunAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(plan.StartsPostgres, plan.Database, cancellationToken);
        await using var stub = await StubProcess.StartAsync(plan.Delay, cancellationToken);
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 256 };
        using var http = new HttpClient(handler);
        // Code that runs for the first time is slow: what counts is a server that has been up for a minute.
        for (var warm = 0; warm < (plan.Delay == TimeSpan.Zero ? plan.WarmUp : 1); warm += plan.Tasks)
        {
            await CeilingAsync();
            await DrainAsync(plan, plan.Limit, databases, http, stub.Url, cancellationToken);
        }

        Console.WriteLine(
            $"{plan.Tasks} tasks of {plan.Body.Length} bytes, {plan.Parallel} at once, service {plan.Delay.TotalMilliseconds} ms; tasks/s");
        Console.WriteLine(
            plan.Limit is { } most
                ? $"   no limit  limit {most,3}     ratio    submit  peak MB   CPU us per task: without, with, database server"
                : "  bare loop     drain     ratio    submit  peak MB   CPU us per task: bare, drain, database server");
        var ratios = new List<double>();
        for (var run = 0; run < plan.Runs; run++)
        {
            var start = Environment.CpuUsage.TotalTime;
            var before = await CeilingAsync();
            var bareCpu = Environment.CpuUsage.TotalTime - start;
            var (submit, drain, drainCpu, serverCpu) = await DrainAsync(plan, plan.Limit, databases, http, stub.Url, cancellationToken);
            var after = await CeilingAsync();
            var ceiling = (before + after) / 2;
            ratios.Add(drain / ceiling);
            Console.WriteLine(
                $"  {ceiling,9:N0} {drain,9:N0} {drain / ceiling,9:P0} {submit,9:N0} "
                + $"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20,8} {bareCpu.TotalMicroseconds / plan.Tasks,18:N1} "
                + $"{drainCpu.TotalMicroseconds / plan.Tasks,11:N1} {serverCpu.TotalMicroseconds / plan.Tasks,11:N1}");
        }

        ratios.Sort();
        Console.WriteLine($"  median ratio {ratios[ratios.Count / 2]:P0}");
        return 0;

        async Task<double> CeilingAsync() => plan.Limit is null
            ? await BareLoopAsync(plan, http, stub.Url, cancellationToken)
            : (await DrainAsync(plan, null, databases, http, stub.Url, cancellationToken)).Drain;
    }

    /// <summary>Calls a second of a loop without a queue.</summary>
    public static async Task<double> BareLoopAsync(LoadPlan plan, HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        var left = plan.Tasks;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, plan.Parallel).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    using var response = await PostAdapter.PostAsync(http, url, plan.Body, cancellationToken);
                    await response.Content.ReadAsByteArrayAsync(cancellationToken);
                }
            },
            cancellationToken)));
        return plan.Tasks / watch.Elapsed.TotalSeconds;
    }

    private static async Task<(double Submit, double Drain, TimeSpan Cpu, TimeSpan ServerCpu)> DrainAsync(
        LoadPlan plan, int? limit, LoadDatabases databases, HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        var path = Path.Combine(plan.Folder, $"stashai-bench-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        try
        {
            await using var store = await (await databases.CreateAsync(path, cancellationToken)).OpenStoreAsync(cancellationToken);
            var feed = new QueueFeed();
            var end = new EndOfJob();
            using var listening = feed.Listen(end);
            using var engine = new QueueEngine(
                store, new ServiceRegistry([new PostAdapter(limit)]), new LiteralUpstreams(), http,
                new QueueOptions { Workers = plan.Parallel }, feed, TimeProvider.System, NullLoggerFactory.Instance);
            await engine.StartAsync(cancellationToken);
            var watch = Stopwatch.StartNew();
            await using (var upload = engine.OpenUpload())
            {
                for (var i = 0; i < plan.Tasks; i++)
                {
                    upload.BeginTask();
                    await upload.EndTaskAsync(plan.Body, cancellationToken);
                }

                await engine.CommitAsync(
                    upload,
                    new NewJob { Service = "bench", JobType = "bench_batch_post", TaskType = "bench_post", Upstream = url },
                    cancellationToken);
            }

            var submitted = watch.Elapsed;
            var (start, serverStart) = (Environment.CpuUsage.TotalTime, databases.ServerCpuTime);
            await end.Ended;
            var drained = watch.Elapsed - submitted;
            var (cpu, serverCpu) = (Environment.CpuUsage.TotalTime - start, databases.ServerCpuTime - serverStart);
            await engine.StopAsync(cancellationToken);
            return (plan.Tasks / submitted.TotalSeconds, plan.Tasks / drained.TotalSeconds, cpu, serverCpu);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }
}

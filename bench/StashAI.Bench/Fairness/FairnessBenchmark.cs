using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Bench.Load;
using StashAI.Queue.Engine;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Bench.Fairness;

/// <summary>
/// A big job is under way when single tasks arrive one by one: how long each waits until it is called, and how far the big job gets.
/// </summary>
internal static class FairnessBenchmark
{
    private const int Slots = 8;
    private const int BigJob = 50_000;
    private static readonly TimeSpan ServiceTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(bool usesPostgres, TimeSpan duration, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            await using var databases = await LoadDatabases.OpenAsync(usesPostgres, null, cancellationToken);
            await using var store = await (await databases.CreateAsync(folder, cancellationToken)).OpenStoreAsync(cancellationToken);
            await using var stub = await StubProcess.StartAsync(ServiceTime, cancellationToken);
            using var http = new HttpClient();
            var adapter = new TimedAdapter();
            using var engine = new QueueEngine(
                store, new ServiceRegistry([adapter]), new LiteralUpstreams(), http, new QueueOptions { Workers = Slots }, new QueueFeed(),
                TimeProvider.System, NullLoggerFactory.Instance);
            await engine.StartAsync(cancellationToken);
            await SubmitAsync(engine, stub.Url, "big", BigJob, cancellationToken);
            await adapter.CalledAsync(10 * Slots, cancellationToken);

            var submitted = new ConcurrentDictionary<string, long>();
            var before = adapter.BigCalls;
            using var timer = new PeriodicTimer(Interval);
            var watch = Stopwatch.StartNew();
            for (var i = 0; watch.Elapsed < duration && await timer.WaitForNextTickAsync(cancellationToken); i++)
            {
                var name = $"single-{i}";
                await SubmitAsync(engine, stub.Url, name, 1, cancellationToken);
                submitted[name] = Stopwatch.GetTimestamp();
            }

            var big = adapter.BigCalls - before;
            await adapter.CalledAsync(submitted.Keys, cancellationToken);
            await engine.StopAsync(cancellationToken);
            var waits = submitted.Select(
                entry => Math.Max(0, Stopwatch.GetElapsedTime(entry.Value, adapter.Starts[entry.Key]).TotalMilliseconds)).Order().ToList();
            Console.WriteLine(
                $"{waits.Count} single tasks in {watch.Elapsed.TotalSeconds:N0} s beside a job of {BigJob}; {Slots} slots, service "
                + $"{ServiceTime.TotalMilliseconds} ms");
            Console.WriteLine(
                $"  wait from the acknowledgement to the call, ms: p50 {waits[waits.Count / 2]:N0}, p90 {waits[waits.Count * 9 / 10]:N0}, "
                + $"p99 {waits[waits.Count * 99 / 100]:N0}, longest {waits[^1]:N0} (target p99 {2 * ServiceTime.TotalMilliseconds:N0})");
            Console.WriteLine(
                $"  the big job had {big} calls meanwhile: {big / watch.Elapsed.TotalSeconds:N1} of "
                + $"{Slots / ServiceTime.TotalSeconds:N0} a second");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SubmitAsync(QueueEngine engine, Uri service, string name, int tasks, CancellationToken cancellationToken)
    {
        await using var upload = engine.OpenUpload();
        for (var i = 0; i < tasks; i++)
        {
            upload.BeginTask();
            await upload.EndTaskAsync(Encoding.UTF8.GetBytes($"\"{name}\""), cancellationToken);
        }

        await engine.CommitAsync(
            upload,
            new NewJob
            {
                Service = "bench",
                JobType = "bench_batch_post",
                TaskType = "bench_post",
                Upstream = service,
                Name = name,
                IsSingleTask = tasks == 1,
            },
            cancellationToken);
    }

    /// <summary>Posts the input, and notes when.</summary>
    private sealed class TimedAdapter : IServiceAdapter
    {
        private readonly PostAdapter inner = new();
        private int bigCalls;

        public ConcurrentDictionary<string, long> Starts { get; } = new();

        public int BigCalls => Volatile.Read(ref bigCalls);

        public AdapterManifest Manifest => inner.Manifest;

        public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            var name = Encoding.UTF8.GetString(context.Input.Span[1..^1]);
            if (name == "big") Interlocked.Increment(ref bigCalls);
            else Starts.TryAdd(name, Stopwatch.GetTimestamp());
            return inner.ExecuteAsync(context, cancellationToken);
        }

        public async Task CalledAsync(int bigTasks, CancellationToken cancellationToken)
        {
            while (BigCalls < bigTasks) await Task.Delay(10, cancellationToken);
        }

        public async Task CalledAsync(IEnumerable<string> names, CancellationToken cancellationToken)
        {
            while (!names.All(Starts.ContainsKey)) await Task.Delay(10, cancellationToken);
        }
    }
}

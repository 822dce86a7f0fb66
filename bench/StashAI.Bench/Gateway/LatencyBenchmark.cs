using System.Diagnostics;
using System.Text;
using StashAI.Bench.Load;

namespace StashAI.Bench.Gateway;

/// <summary>One task on an idle server, from the submit to the terminal message, next to the bare call (T7).</summary>
internal static class LatencyBenchmark
{
    private const int Warmup = 100;
    private const int Samples = 500;

    public static async Task<int> RunAsync(bool usesPostgres, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(usesPostgres, null, cancellationToken);
        await using var stub = await StubProcess.StartAsync(TimeSpan.Zero, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            await using var gateway = await BenchGateway.StartAsync(
                await databases.CreateAsync(folder, cancellationToken), stub.Url, folder, 4, cancellationToken);
            using var http = new HttpClient();
            var body = Encoding.ASCII.GetBytes($$"""{"image":"{{Convert.ToBase64String(new byte[750])}}"}""");
            var (bare, whole) = (new List<double>(), new List<double>());
            for (var i = 0; i < Warmup + Samples; i++)
            {
                var start = Stopwatch.GetTimestamp();
                using (await PostAdapter.PostAsync(http, stub.Url, body, cancellationToken))
                {
                }

                var call = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                start = Stopwatch.GetTimestamp();
                var id = await gateway.SubmitAsync("/api/visage/task", body, "task_id", cancellationToken);
                await gateway.FollowAsync("task", id, cancellationToken);
                if (i < Warmup) continue;
                bare.Add(call);
                whole.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            bare.Sort();
            whole.Sort();
            Console.WriteLine(
                $"one task on an idle server ({(usesPostgres ? "PostgreSQL" : "SQLite")}), {Samples} times, "
                + "ms from the submit to the terminal message");
            Console.WriteLine($"  bare call: p50 {bare[Samples / 2]:N2}, p99 {bare[Samples * 99 / 100]:N2}");
            Console.WriteLine($"  end to end: p50 {whole[Samples / 2]:N2}, p99 {whole[Samples * 99 / 100]:N2}");
            Console.WriteLine(
                $"  above the call: p50 {whole[Samples / 2] - bare[Samples / 2]:N2} (target 5), p99 "
                + $"{whole[Samples * 99 / 100] - bare[Samples / 2]:N2} (target 20)");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

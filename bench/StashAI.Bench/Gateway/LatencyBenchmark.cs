using System.Diagnostics;
using System.Text;
using StashAI.Bench.Load;

namespace StashAI.Bench.Gateway;

/// <summary>One task on an idle server, from the submit to the terminal message, next to the bare call (T7).</summary>
internal static class LatencyBenchmark
{
    /// <summary>The code of a new server is slow for about so many tasks: what counts is one that has been up for a minute.</summary>
    private const int Warmup = 1_000;

    private const int Samples = 500;

    private const int PerSocket = 20;

    public static async Task<int> RunAsync(bool usesPostgres, string? program, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(usesPostgres, null, cancellationToken);
        await using var stub = await StubProcess.StartAsync(TimeSpan.Zero, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            await using var gateway = await BenchGateway.StartAsync(
                await databases.CreateAsync(folder, cancellationToken), stub.Url, folder, 4, cancellationToken,
                program: program);
            using var http = new HttpClient();
            var body = Encoding.ASCII.GetBytes($$"""{"image":"{{Convert.ToBase64String(new byte[750])}}"}""");
            var (bare, submits, whole) = (new List<double>(), new List<double>(), new List<double>());
            var (cpu, serverCpu) = (TimeSpan.Zero, TimeSpan.Zero);
            for (var i = 0; i < Warmup + Samples; i++)
            {
                if (i == Warmup) (cpu, serverCpu) = (gateway.CpuTime, databases.ServerCpuTime);
                // Nobody follows hundreds of tasks that ended long ago: the server looks for news of each.
                if (i % PerSocket == 0) await gateway.LeaveAsync(cancellationToken);
                var start = Stopwatch.GetTimestamp();
                using (await PostAdapter.PostAsync(http, stub.Url, body, cancellationToken))
                {
                }

                var call = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                start = Stopwatch.GetTimestamp();
                var id = await gateway.SubmitAsync("/api/visage/task", body, "task_id", cancellationToken);
                var submit = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                await gateway.FollowAsync("task", id, cancellationToken);
                var all = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (i < Warmup) continue;
                bare.Add(call);
                submits.Add(submit);
                whole.Add(all);
            }

            (cpu, serverCpu) = (gateway.CpuTime - cpu, databases.ServerCpuTime - serverCpu);
            bare.Sort();
            submits.Sort();
            whole.Sort();
            Console.WriteLine(
                $"one task on an idle server ({(usesPostgres ? "PostgreSQL" : "SQLite")}), {Samples} times, "
                + "ms from the submit to the terminal message");
            Console.WriteLine($"  bare call: p50 {bare[Samples / 2]:N2}, p99 {bare[Samples * 99 / 100]:N2}");
            Console.WriteLine(
                $"  answer to the submit: p50 {submits[Samples / 2]:N2}, p99 {submits[Samples * 99 / 100]:N2}; "
                + $"the server's processor time for a task {cpu.TotalMilliseconds / Samples:N2}, "
                + $"the database server's {serverCpu.TotalMilliseconds / Samples:N2}");
            Console.WriteLine($"  end to end: p50 {whole[Samples / 2]:N2}, p99 {whole[Samples * 99 / 100]:N2}");
            Console.WriteLine(
                $"  above the call: p50 {whole[Samples / 2] - bare[Samples / 2]:N2} (target {(usesPostgres ? 6 : 3)}), p99 "
                + $"{whole[Samples * 99 / 100] - bare[Samples / 2]:N2} (target {(usesPostgres ? 20 : 12)})");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

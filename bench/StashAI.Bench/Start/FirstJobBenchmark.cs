using System.Diagnostics;
using StashAI.Bench.Gateway;
using StashAI.Bench.Load;

namespace StashAI.Bench.Start;

/// <summary>
/// The first jobs of a server that has just started, whose code runs for the first time (T13). The client and the service are other
/// processes, and have seen such jobs before.
/// </summary>
internal static class FirstJobBenchmark
{
    private const int Jobs = 5;

    public static async Task<int> RunAsync(LoadPlan plan, string? program, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(plan.StartsPostgres, null, cancellationToken);
        await using var stub = await StubProcess.StartAsync(plan.Delay, cancellationToken);
        var body = GatewayBenchmark.Items(plan);
        // The first server warms this process and the service up.
        await ServeAsync();
        Console.WriteLine(
            $"{program ?? "the program as built"}; {plan.Tasks} tasks, calls of {plan.Bytes} bytes, {plan.Parallel} at once; tasks/s of "
            + $"the first {Jobs} jobs of a new server, and the first in percent of the last");
        var ratios = new List<double>();
        for (var run = 0; run < plan.Runs; run++)
        {
            var rates = await ServeAsync();
            ratios.Add(rates[0] / rates[^1]);
            Console.WriteLine($"  {string.Join(' ', rates.Select(rate => $"{rate,8:N0}"))} {ratios[^1],8:P0}");
        }

        Console.WriteLine($"  median {new Quantiles(ratios).Median:P0} (target 80 %)");
        return 0;

        async Task<List<double>> ServeAsync()
        {
            var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
            try
            {
                await GatewayBenchmark.DeclareAsync(folder, stub.Url, cancellationToken);
                var database = await databases.CreateAsync(folder, cancellationToken);
                await using var gateway =
                    await BenchGateway.StartAsync(database, stub.Url, folder, plan.Parallel, cancellationToken, program: program);
                var rates = new List<double>();
                for (var job = 0; job < Jobs; job++)
                {
                    var start = Stopwatch.GetTimestamp();
                    var id = await gateway.SubmitAsync("/api/bench/job", body, "job_id", cancellationToken);
                    await gateway.FollowAsync("job", id, cancellationToken);
                    rates.Add(plan.Tasks / Stopwatch.GetElapsedTime(start).TotalSeconds);
                }

                return rates;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}

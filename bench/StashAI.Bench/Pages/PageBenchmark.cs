using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using StashAI.Bench.Depth;
using StashAI.Bench.Gateway;
using StashAI.Bench.Load;

namespace StashAI.Bench.Pages;

/// <summary>What people look at, with very many tasks in the database: one large job and very many small ones (T11).</summary>
internal static class PageBenchmark
{
    private const double InOneJob = 0.2;
    private const int Samples = 300;
    private const double Target = 100;

    public static async Task<int> RunAsync(bool usesPostgres, int tasks, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(usesPostgres, null, cancellationToken);
        await using var stub = await StubProcess.StartAsync(TimeSpan.Zero, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            var database = await databases.CreateAsync(folder, cancellationToken);
            var inOneJob = (int)(tasks * InOneJob);
            await OpenTasks.FillSmallJobsAsync(database, stub.Url, tasks - inOneJob, cancellationToken);
            await OpenTasks.FillOneJobAsync(database, stub.Url, inOneJob, cancellationToken);
            await using var gateway = await BenchGateway.StartAsync(database, stub.Url, folder, 4, cancellationToken);
            var big = (await gateway.Http.GetFromJsonAsync<JsonElement>("/api/queue/jobs?limit=1", cancellationToken))
                .GetProperty("jobs")[0];
            var id = big.GetProperty("job_id").GetString();
            Console.WriteLine(
                $"{tasks:N0} tasks, {big.GetProperty("total_tasks").GetInt32():N0} of them in one job, "
                + $"{(usesPostgres ? "PostgreSQL" : "SQLite")}; ms, {Samples} times each, one after the other");
            string[] pages =
            [
                "/health/live", "/api/queue/stats", "/api/queue/jobs?limit=50", "/api/queue/jobs?limit=50&status=pending",
                "/api/queue/jobs?limit=50&offset=50000", $"/api/queue/status/{id}", $"/api/queue/job/{id}?limit=100",
                $"/api/queue/job/{id}?limit=100&offset=100000", "/api/queue/tasks?limit=50",
                "/api/jobs", "/api/jobs?state=pending", "/api/jobs?state=failed", "/api/jobs?name=nothing", "/api/jobs?tag=nothing",
                "/api/jobs?owner=nobody", "/api/jobs?error=timeout", "/api/jobs?error=nothing", "/api/jobs?sort=-failed",
                "/api/jobs?sort=priority", "/api/jobs?created_after=2020-01-01T00:00:00Z&name=nothing",
                "/api/jobs?state=pending&name=nothing",
                $"/api/jobs?id={id![..8]}", $"/api/jobs?id={id[..2]}", $"/api/jobs/{id}", $"/api/jobs/{id}/tasks?limit=100",
                $"/api/jobs/{id}/tasks?state=failed", $"/api/jobs/{id}/tasks?text=nothing", $"/api/jobs/{id}/failures", "/api/tasks",
                "/api/tasks?state=failed",
            ];
            foreach (var page in pages) await AskAsync(gateway.Http, page, cancellationToken);
            var times = pages.ToDictionary(page => page, _ => new List<double>());
            // In turn, so that a busy moment of the machine does not fall on one page alone.
            for (var i = 0; i < Samples; i++)
            {
                foreach (var page in pages) times[page].Add(await AskAsync(gateway.Http, page, cancellationToken));
            }

            foreach (var page in pages)
            {
                var sorted = new Quantiles(times[page]);
                Console.WriteLine(
                    $"  {page.Replace(id!, "{big}", StringComparison.Ordinal),-45} p50 {sorted.Median,7:N2}  p99 {sorted.At(0.99),7:N2}  "
                    + $"longest {sorted.Longest,7:N2}  (target p99 {Target:N0})");
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Milliseconds until the whole answer was here.</summary>
    private static async Task<double> AskAsync(HttpClient http, string page, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await http.GetAsync(page, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}

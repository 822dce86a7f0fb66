using System.Diagnostics;
using System.Text;
using StashAI.Bench.Gateway;
using StashAI.Bench.Load;

namespace StashAI.Bench.Interactions;

/// <summary>
/// Interactions, one a request over 16 connections, next to the same requests to an endpoint that reads the body and stores nothing, and to
/// what the disk allows: a flush for each group of 16 (T8). Whether each that was acknowledged is in the database is checked at the end.
/// </summary>
internal static class InteractionBenchmark
{
    private const int Connections = 16;
    private const double Target = 0.8;

    public static async Task<int> RunAsync(
        bool usesPostgres, int requests, int runs, string? program, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(usesPostgres, null, cancellationToken);
        await using var stub = await StubProcess.StartAsync(TimeSpan.Zero, cancellationToken);
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = Connections };
        using var http = new HttpClient(handler);
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            var database = await databases.CreateAsync(folder, cancellationToken);
            await using var gateway = await BenchGateway.StartAsync(
                database, stub.Url, folder, 4, cancellationToken, program: program);
            var interactions = new Uri(gateway.Http.BaseAddress!, "/api/interactions");
            await PostAsync(http, stub.Url, requests, cancellationToken);
            await PostAsync(http, interactions, requests, cancellationToken);
            Console.WriteLine(
                $"{requests} interactions, one a request, {Connections} connections, "
                + $"{(usesPostgres ? "PostgreSQL" : "SQLite")}; requests/s");
            Console.WriteLine(
                $"  reads and answers  flushes/s x {Connections}  interactions   "
                + "ratio to the first, to the second, to the smaller   CPU us each");
            var ratios = new List<double>();
            for (var run = 0; run < runs; run++)
            {
                var before = await PostAsync(http, stub.Url, requests, cancellationToken);
                var flushes = FlushRate.Measure(folder) * Connections;
                var cpu = gateway.CpuTime;
                var rate = await PostAsync(http, interactions, requests, cancellationToken);
                cpu = gateway.CpuTime - cpu;
                var after = await PostAsync(http, stub.Url, requests, cancellationToken);
                var ceiling = (before + after) / 2;
                ratios.Add(rate / Math.Min(ceiling, flushes));
                Console.WriteLine(
                    $"  {ceiling,17:N0} {flushes,15:N0} {rate,13:N0} {rate / ceiling,16:P0} {rate / flushes,15:P0} {ratios[^1],16:P0} "
                    + $"{cpu.TotalMicroseconds / requests,13:N0}");
            }

            var kept = await CountAsync(database, cancellationToken);
            Console.WriteLine(
                $"  median ratio {new Quantiles(ratios).Median:P0} (target {Target:P0}); "
                + $"{kept} of {requests * (runs + 1)} acknowledged are in the database");
            return kept == requests * (runs + 1) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Requests a second.</summary>
    private static async Task<double> PostAsync(HttpClient http, Uri url, int requests, CancellationToken cancellationToken)
    {
        var next = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number <= requests)
                {
                    var body = Encoding.ASCII.GetBytes(
                        $$$"""{"session_id":"session-{{{number % 50}}}","user_id":"user-7","action_type":"button_click","page_path":"/scenes/{{{number}}}","element_type":"button","element_id":"identify","metadata":{"selection":[{{{number}}}],"source":"ai_overhaul_button"}}""");
                    using var response = await PostAdapter.PostAsync(http, url, body, cancellationToken);
                    response.EnsureSuccessStatusCode();
                    await response.Content.ReadAsByteArrayAsync(cancellationToken);
                }
            },
            cancellationToken)));
        return requests / watch.Elapsed.TotalSeconds;
    }

    private static async Task<long> CountAsync(LoadDatabase database, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM user_interactions";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }
}

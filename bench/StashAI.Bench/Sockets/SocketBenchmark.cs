using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.Bench.Gateway;
using StashAI.Bench.Load;

namespace StashAI.Bench.Sockets;

/// <summary>
/// Thousands of sockets that follow one job, next to the same job without them (T9): when its end reached the last of them, and what they
/// cost the drain. The clients share the machine.
/// </summary>
internal static class SocketBenchmark
{
    private const int Connecting = 32;

    public static async Task<int> RunAsync(int sockets, int tasks, int runs, bool usesPostgres, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(usesPostgres, null, cancellationToken);
        await using var stub = await StubProcess.StartAsync(TimeSpan.Zero, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        var clients = new List<JobSocket>();
        try
        {
            await using var gateway = await BenchGateway.StartAsync(
                await databases.CreateAsync(folder, cancellationToken), stub.Url, folder, 32, cancellationToken);
            var body = Body(tasks);
            await DrainAsync(gateway, body, [], cancellationToken);
            Console.WriteLine($"{sockets} sockets that follow a job of {tasks} tasks, 32 at once, service 0 ms");
            Console.WriteLine("  tasks/s without     with   ratio   last end after  messages a socket  peak MB of the server");
            var (ratios, lasts) = (new List<double>(), new List<double>());
            // The first run warms up: code that is compiled meanwhile is no cost of the sockets.
            for (var run = -1; run < runs; run++)
            {
                var (before, _) = await DrainAsync(gateway, body, [], cancellationToken);
                await OpenAsync(clients, sockets, gateway.SocketUrl, http, cancellationToken);
                var seen = clients.Sum(client => (long)client.Messages);
                var (with, last) = await DrainAsync(gateway, body, clients, cancellationToken);
                var messages = clients.Sum(client => (long)client.Messages) - seen;
                foreach (var client in clients) client.Dispose();
                clients.Clear();
                var (after, _) = await DrainAsync(gateway, body, [], cancellationToken);
                if (run < 0) continue;
                var without = (before + after) / 2;
                ratios.Add(with / without);
                lasts.Add(last.TotalMilliseconds);
                Console.WriteLine(
                    $"  {without,15:N0} {with,8:N0} {with / without,7:P0} {last.TotalMilliseconds,13:N0} ms "
                    + $"{messages / (double)sockets,17:N1} {gateway.PeakMemory >> 20,22}");
            }

            Console.WriteLine(
                $"  median ratio {new Quantiles(ratios).Median:P0} (target 80%); "
                + $"longest wait for an end {lasts.Max():N0} ms (target 1,000)");
            return 0;
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Tasks a second while the job ran, and how long after its end the last client knew of it.</summary>
    private static async Task<(double Rate, TimeSpan Last)> DrainAsync(
        BenchGateway gateway, byte[] body, IReadOnlyList<JobSocket> clients, CancellationToken cancellationToken)
    {
        await PostAsync(gateway, "/api/queue/pause", cancellationToken);
        var id = await gateway.SubmitAsync("/api/visage/job", body, "job_id", cancellationToken);
        await Parallel.ForEachAsync(
            clients,
            new ParallelOptions { MaxDegreeOfParallelism = Connecting, CancellationToken = cancellationToken },
            async (client, stop) => await client.FollowAsync(id, stop));
        var ends = clients.Select(client => client.EndAsync(cancellationToken)).ToList();
        await PostAsync(gateway, "/api/queue/resume", cancellationToken);
        await gateway.FollowAsync("job", id, cancellationToken);
        var times = await Task.WhenAll(ends);
        var job = await gateway.Http.GetFromJsonAsync<JsonElement>($"/api/queue/job/{id}?limit=0", cancellationToken);
        var (began, finished) = (Time(job, "started_at"), Time(job, "completed_at"));
        var tasks = job.GetProperty("total_tasks").GetInt32();
        var last = ends.Count == 0 ? TimeSpan.Zero : times.Max() - finished;
        return (tasks / (finished - began).TotalSeconds, last);
    }

    private static async Task OpenAsync(
        List<JobSocket> clients, int count, Uri url, HttpMessageInvoker http, CancellationToken cancellationToken)
    {
        clients.AddRange(Enumerable.Range(0, count).Select(_ => new JobSocket()));
        await Parallel.ForEachAsync(
            clients,
            new ParallelOptions { MaxDegreeOfParallelism = Connecting, CancellationToken = cancellationToken },
            async (client, stop) => await client.ConnectAsync(url, http, stop));
    }

    private static async Task PostAsync(BenchGateway gateway, string path, CancellationToken cancellationToken)
    {
        using var response = await gateway.Http.PostAsync(path, null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static DateTimeOffset Time(JsonElement job, string name) => job.GetProperty(name).GetDateTimeOffset();

    private static byte[] Body(int tasks) =>
        Encoding.ASCII.GetBytes(
            $$"""{"images":[{{string.Join(',', Enumerable.Repeat($"\"{Convert.ToBase64String(new byte[750])}\"", tasks))}}]}""");
}

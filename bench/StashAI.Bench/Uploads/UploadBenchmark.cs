using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using StashAI.Bench.Gateway;
using StashAI.Bench.Load;

namespace StashAI.Bench.Uploads;

/// <summary>
/// Large photos (T5b): how fast one job of them is taken in, next to the disk; its memory and its room on the disk, which its removal gives
/// back; and how much slower a running job is beside many uploads at once.
/// </summary>
internal static class UploadBenchmark
{
    private static readonly TimeSpan ServiceTime = TimeSpan.FromMilliseconds(20);

    public static async Task<int> RunAsync(UploadPlan plan, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(plan.StartsPostgres, null, cancellationToken);
        await using var stub = await StubProcess.StartAsync(ServiceTime, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            await GatewayBenchmark.DeclareAsync(folder, stub.Url, cancellationToken);
            var database = await databases.CreateAsync(folder, cancellationToken);
            await using var gateway = await BenchGateway.StartAsync(
                database, stub.Url, folder, 8, cancellationToken,
                new Dictionary<string, string?>
                {
                    ["PAYLOADS"] = database.IsPostgres ? $"files:{folder}" : "files",
                    ["MAX_BODY_BYTES"] = $"{1L << 40}",
                },
                plan.Program);
            await SendAsync(gateway, new PhotoBody(10, 1_000_000), cancellationToken);
            Console.WriteLine($"{(plan.StartsPostgres ? "PostgreSQL and a folder" : "SQLite and files")}");
            await MeasurePhotosAsync(plan, gateway, folder, cancellationToken);
            if (plan.Uploads > 0) await MeasureBesideAsync(plan, gateway, cancellationToken);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasurePhotosAsync(
        UploadPlan plan, BenchGateway gateway, string folder, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{plan.Photos} photos of {plan.PhotoBytes / 1e6:N1} MB in one job, service {ServiceTime.TotalMilliseconds} ms");
        Console.WriteLine("  submit s  submit MB/s  disk MB/s  ratio  end to end s  peak MB  room MB per photo MB  removed after s");
        for (var run = 0; run < plan.Runs; run++)
        {
            gateway.ResetPeakMemory();
            using var body = new PhotoBody(plan.Photos, plan.PhotoBytes);
            var disk = GatewayBenchmark.WriteAndFlush(folder, Math.Min(body.DecodedBytes, 2L << 30));
            var before = RoomOf(folder);
            var started = Stopwatch.GetTimestamp();
            var job = await SendAsync(gateway, body, cancellationToken);
            var submit = Stopwatch.GetElapsedTime(started);
            var room = RoomOf(folder) - before;
            await gateway.FollowAsync("job", job, cancellationToken);
            var whole = Stopwatch.GetElapsedTime(started);
            var peak = gateway.PeakMemory >> 20;
            started = Stopwatch.GetTimestamp();
            using (var removed = await gateway.Http.DeleteAsync($"/api/jobs/{job}", cancellationToken)) removed.EnsureSuccessStatusCode();
            while (RoomOf(folder) > before + (room / 10)) await Task.Delay(10, cancellationToken);
            var rate = body.DecodedBytes / 1e6 / submit.TotalSeconds;
            Console.WriteLine(
                $"  {submit.TotalSeconds,8:N2} {rate,12:N0} {disk,10:N0} {rate / disk,6:P0} {whole.TotalSeconds,13:N2} {peak,8:N0} "
                + $"{(double)room / body.DecodedBytes,21:N3} {Stopwatch.GetElapsedTime(started).TotalSeconds,16:N2}");
        }
    }

    private static async Task MeasureBesideAsync(UploadPlan plan, BenchGateway gateway, CancellationToken cancellationToken)
    {
        Console.WriteLine(
            $"a job of JSON items with calls of {ServiceTime.TotalMilliseconds} ms, 8 at once, beside {plan.Uploads} uploads of "
            + $"{plan.UploadBytes / 1e6:N0} MB at once");
        Console.WriteLine("  tasks/s alone  beside them  slower by  uploads MB/s  peak MB");
        for (var run = 0; run < plan.Runs; run++)
        {
            gateway.ResetPeakMemory();
            var load = new LoadPlan(100_000, 8, 200, ServiceTime, 1, Path.GetTempPath(), null, false);
            var job = await gateway.SubmitAsync("/api/bench/job", GatewayBenchmark.Items(load), "job_id", cancellationToken);
            var alone = await RateAsync(gateway, job, Task.Delay(TimeSpan.FromSeconds(5), cancellationToken), cancellationToken);
            var started = Stopwatch.GetTimestamp();
            var uploads = Task.WhenAll(Enumerable.Range(0, plan.Uploads).Select(_ => UploadAsync(plan, gateway, cancellationToken)));
            var beside = await RateAsync(gateway, job, uploads, cancellationToken);
            var bytes = (double)plan.Uploads * plan.UploadBytes;
            Console.WriteLine(
                $"  {alone,13:N0} {beside,12:N0} {1 - (beside / alone),10:P0} "
                + $"{bytes / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds,13:N0} {gateway.PeakMemory >> 20,8:N0}");
            foreach (var one in (await uploads).Append(job))
            {
                using var cancelled = await gateway.Http.PostAsync($"/api/jobs/{one}/cancel", null, cancellationToken);
                using var removed = await gateway.Http.DeleteAsync($"/api/jobs/{one}", cancellationToken);
            }
        }
    }

    private static async Task<string> UploadAsync(UploadPlan plan, BenchGateway gateway, CancellationToken cancellationToken)
    {
        using var body = new PhotoBody(1, plan.UploadBytes);
        return await SendAsync(gateway, body, cancellationToken);
    }

    /// <summary>Tasks of a job that end in a second while something goes on.</summary>
    private static async Task<double> RateAsync(BenchGateway gateway, string job, Task meanwhile, CancellationToken cancellationToken)
    {
        var (first, started) = (await CompletedAsync(gateway, job, cancellationToken), Stopwatch.GetTimestamp());
        await meanwhile;
        var last = await CompletedAsync(gateway, job, cancellationToken);
        return (last - first) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<int> CompletedAsync(BenchGateway gateway, string job, CancellationToken cancellationToken) =>
        (await gateway.Http.GetFromJsonAsync<JsonElement>($"/api/jobs/{job}", cancellationToken))
        .GetProperty("tasks").GetProperty("completed").GetInt32();

    private static async Task<string> SendAsync(BenchGateway gateway, PhotoBody body, CancellationToken cancellationToken)
    {
        body.Headers.ContentType = new("application/json");
        using var response = await gateway.Http.PostAsync("/api/visage/job", body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"The submit was answered {response.StatusCode}: {text}");
        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.GetProperty("job_id").GetString()!;
    }

    /// <summary>The room that the files of a folder take on the disk in bytes, without the holes in them.</summary>
    private static long RoomOf(string folder)
    {
        var start = new ProcessStartInfo("du") { ArgumentList = { "-s", "-B1", folder }, RedirectStandardOutput = true };
        using var run = Process.Start(start)!;
        var line = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        return long.Parse(line.AsSpan(0, line.IndexOf('\t')), CultureInfo.InvariantCulture);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using StashAI.Bench.Load;

namespace StashAI.Bench.Gateway;

/// <summary>
/// The way that a client sees it: one job over HTTP to the real server, until its terminal message arrives, next to a bare loop of calls of
/// the same size. JSON items of a declared service (T2), or photos of the Visage service, which are stored apart (T5).
/// </summary>
internal static class GatewayBenchmark
{
    public static async Task<int> RunAsync(LoadPlan plan, bool sendsPhotos, string? program, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(plan.StartsPostgres, plan.Database, cancellationToken);
        await using var stub = await StubProcess.StartAsync(plan.Delay, cancellationToken);
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 256 };
        using var http = new HttpClient(handler);
        // Photos are stored in rows and in files, in turns of the same run.
        foreach (var payloads in sendsPhotos ? new string?[] { "database", "files" } : [null])
        {
            var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
            try
            {
                await DeclareAsync(folder, stub.Url, cancellationToken);
                var database = await databases.CreateAsync(folder, cancellationToken);
                await using var gateway = await BenchGateway.StartAsync(
                    database, stub.Url, folder, plan.Parallel, cancellationToken, Settings(payloads, database, folder), program);
                await RunAsync(plan, gateway, databases, http, stub.Url, payloads, folder, cancellationToken);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    private static Dictionary<string, string?> Settings(string? payloads, LoadDatabase database, string folder) => new()
    {
        ["PAYLOADS"] = payloads == "files" && database.IsPostgres ? $"files:{folder}" : payloads,
    };

    private static async Task RunAsync(
        LoadPlan plan, BenchGateway gateway, LoadDatabases databases, HttpClient http, Uri service, string? payloads, string folder,
        CancellationToken cancellationToken)
    {
        var (path, body) = payloads is null ? ("/api/bench/job", Items(plan)) : ("/api/visage/job", Photos(plan));
        for (var warm = 0; warm < (plan.Delay == TimeSpan.Zero ? plan.WarmUp : 1); warm += plan.Tasks)
        {
            await LoadBenchmark.BareLoopAsync(plan, http, service, cancellationToken);
            await RunAsync(gateway, path, body, cancellationToken);
        }

        Console.WriteLine(
            $"{plan.Tasks} tasks, calls of {plan.Bytes} bytes, {plan.Parallel} at once, service {plan.Delay.TotalMilliseconds} ms"
            + $"{(payloads is null ? "" : $", photos in {payloads}")}; tasks/s from the first byte of the submit to the terminal message");
        Console.WriteLine(
            "  bare loop  end to end   ratio  submit s  peak MB of the server   CPU us per task: submit, rest, database server   "
            + "MB/s: submit, disk (written and flushed)   floor   bound");
        var ratios = new List<double>();
        for (var run = 0; run < plan.Runs; run++)
        {
            var before = await LoadBenchmark.BareLoopAsync(plan, http, service, cancellationToken);
            var disk = payloads is null ? 0 : WriteAndFlush(folder, (long)plan.Tasks * plan.Bytes * 3 / 4);
            var databaseCpu = databases.ServerCpuTime;
            var (submit, whole, submitCpu, cpu) = await RunAsync(gateway, path, body, cancellationToken);
            databaseCpu = databases.ServerCpuTime - databaseCpu;
            var floor = payloads == "files" ? await PhotoFloor.RunAsync(plan, body, http, service, folder, cancellationToken) : 0;
            var after = await LoadBenchmark.BareLoopAsync(plan, http, service, cancellationToken);
            var (ceiling, rate) = ((before + after) / 2, plan.Tasks / whole.TotalSeconds);
            var bound = payloads == "files" ? Bound(plan, ceiling, disk) : 0;
            ratios.Add(rate / ceiling);
            Console.WriteLine(
                $"  {ceiling,9:N0} {rate,11:N0} {rate / ceiling,7:P0} {submit.TotalSeconds,9:N2} {gateway.PeakMemory >> 20,8} "
                + $"{submitCpu.TotalMicroseconds / plan.Tasks,28:N0} {(cpu - submitCpu).TotalMicroseconds / plan.Tasks,6:N0} "
                + $"{databaseCpu.TotalMicroseconds / plan.Tasks,6:N0} "
                + $"{plan.Tasks * plan.Bytes * 0.75 / 1e6 / submit.TotalSeconds,17:N0} {disk,8:N0} {floor,25:N0} {bound,7:P0}");
        }

        ratios.Sort();
        Console.WriteLine($"  median ratio {ratios[ratios.Count / 2]:P0}");
    }

    /// <summary>
    /// The part of the bare loop that nothing can exceed that has all photos on the disk before the first call: their write, flushed,
    /// and then the calls, as if receiving, decoding and reading took no time.
    /// </summary>
    private static double Bound(LoadPlan plan, double ceiling, double disk)
    {
        var calls = plan.Tasks / ceiling;
        return calls / (calls + ((long)plan.Tasks * plan.Bytes * 3 / 4 / 1e6 / disk));
    }

    /// <summary>The speed in MB/s of a program that writes as many bytes to the same disk in large pieces, and flushes them once.</summary>
    public static double WriteAndFlush(string folder, long bytes)
    {
        var path = Path.Combine(folder, "disk");
        var piece = new byte[1024 * 1024];
        Random.Shared.NextBytes(piece);
        var start = Stopwatch.GetTimestamp();
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (var written = 0L; written < bytes; written += piece.Length) RandomAccess.Write(file, piece, written);
            RandomAccess.FlushToDisk(file);
        }

        var rate = bytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
        File.Delete(path);
        return rate;
    }

    private static async Task<(TimeSpan Submit, TimeSpan Whole, TimeSpan SubmitCpu, TimeSpan Cpu)> RunAsync(
        BenchGateway gateway, string path, byte[] body, CancellationToken cancellationToken)
    {
        var (start, cpu) = (Stopwatch.GetTimestamp(), gateway.CpuTime);
        var id = await gateway.SubmitAsync(path, body, "job_id", cancellationToken);
        var (submit, submitCpu) = (Stopwatch.GetElapsedTime(start), gateway.CpuTime - cpu);
        await gateway.FollowAsync("job", id, cancellationToken);
        return (submit, Stopwatch.GetElapsedTime(start), submitCpu, gateway.CpuTime - cpu);
    }

    /// <summary>Photos whose base64 makes calls of the size of the plan; they all differ.</summary>
    private static byte[] Photos(LoadPlan plan)
    {
        var body = new StringBuilder("""{"images":[""");
        var photo = new byte[plan.Bytes * 3 / 4];
        for (var i = 0; i < plan.Tasks; i++)
        {
            new Random(i).NextBytes(photo);
            body.Append(i == 0 ? "\"" : ",\"").Append(Convert.ToBase64String(photo)).Append('"');
        }

        return Encoding.ASCII.GetBytes(body.Append("]}").ToString());
    }

    /// <summary>Texts that make calls of the size of the plan; they all differ.</summary>
    public static byte[] Items(LoadPlan plan)
    {
        var body = new StringBuilder("""{"items":[""");
        for (var i = 0; i < plan.Tasks; i++)
        {
            body.Append(i == 0 ? "\"" : ",\"")
                .Append(CultureInfo.InvariantCulture, $"{i} ").Append('x', Math.Max(0, plan.Bytes - 10)).Append('"');
        }

        return Encoding.ASCII.GetBytes(body.Append("]}").ToString());
    }

    /// <summary>Declares the stub as the service `bench`, which the server reads from this folder.</summary>
    public static async Task DeclareAsync(string folder, Uri service, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, "services"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "services", "bench.yaml"),
            $$$"""
            name: bench
            url: {{{service}}}
            operations:
              post:
                item: {type: string}
                request: {path: /, json: "{{ item | json }}"}
                result: {fields: {label: /label, score: /score}}
            """,
            cancellationToken);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.Bench.Gateway;
using StashAI.Bench.Load;

namespace StashAI.Bench.Batches;

/// <summary>
/// What a client of OpenAI's API sees: a file of lines is uploaded, made a batch, run and downloaded again, next to a bare loop of the same
/// calls. Also how long after the upload the first call comes, and what the server needs of memory.
/// </summary>
internal static class BatchBenchmark
{
    private const string Chat = "/v1/chat/completions";

    /// <param name="plan">How much of what.</param>
    /// <param name="program">The published program; null for the one that was built with this one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(LoadPlan plan, string? program, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(plan.StartsPostgres, plan.Database, cancellationToken);
        await using var stub = await StubProcess.StartAsync(plan.Delay, cancellationToken);
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 256 };
        using var http = new HttpClient(handler);
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            await DeclareAsync(folder, stub.Url, cancellationToken);
            var lines = Path.Combine(folder, "lines.jsonl");
            await WriteAsync(lines, plan, cancellationToken);
            await using var gateway = await BenchGateway.StartAsync(
                await databases.CreateAsync(folder, cancellationToken), stub.Url, folder, plan.Parallel, cancellationToken,
                new Dictionary<string, string?> { ["MAX_ITEMS"] = $"{plan.Tasks}", ["MAX_FILE_BYTES"] = $"{1L << 40}" },
                program);
            Console.WriteLine(
                $"{plan.Tasks} lines, {new FileInfo(lines).Length >> 20} MB, {plan.Parallel} at once, service "
                + $"{plan.Delay.TotalMilliseconds} ms; lines/s from the first byte of the upload to the last byte of the results");
            Console.WriteLine(
                "  bare loop  end to end   ratio  upload s  first call s   run s  download s  peak MB of the server  "
                + "its CPU us per line: upload, run, download");
            var url = new Uri(stub.Url, Chat);
            for (var run = 0; run < plan.Runs; run++)
            {
                var before = await LoadBenchmark.BareLoopAsync(plan, http, url, cancellationToken);
                await http.GetStringAsync(stub.Url, cancellationToken);
                gateway.ResetPeakMemory();
                var took = await RunAsync(gateway, lines, plan.Tasks, http, stub.Url, cancellationToken);
                var after = await LoadBenchmark.BareLoopAsync(plan, http, url, cancellationToken);
                var (ceiling, rate) = ((before + after) / 2, plan.Tasks / took.Whole.TotalSeconds);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {ceiling,9:N0} {rate,11:N0} {rate / ceiling,7:P0} {took.Upload.TotalSeconds,9:N2} "
                    + $"{took.FirstCall.TotalSeconds,13:N2} {took.Run.TotalSeconds,7:N2} {took.Download.TotalSeconds,11:N2} "
                    + $"{gateway.PeakMemory >> 20,22} {PerLine(took.Cpu.Upload),28:N1} {PerLine(took.Cpu.Run),5:N1} "
                    + $"{PerLine(took.Cpu.Download),5:N1}"));
                double PerLine(TimeSpan cpu) => cpu.TotalMicroseconds / plan.Tasks;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<Times> RunAsync(
        BenchGateway gateway, string path, int count, HttpClient http, Uri stub, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var cpu = gateway.CpuTime;
        string file;
        using (var form = new MultipartFormDataContent
        {
            { new StringContent("batch"), "purpose" }, { new StreamContent(File.OpenRead(path), 1 << 16), "file", "lines.jsonl" },
        })
        {
            file = await IdOfAsync(await gateway.Http.PostAsync("/v1/files", form, cancellationToken), cancellationToken);
        }

        var (upload, uploadedAt, uploadCpu) = (watch.Elapsed, TimeProvider.System.GetUtcNow(), gateway.CpuTime - cpu);
        var id = await IdOfAsync(
            await gateway.Http.PostAsJsonAsync(
                "/v1/batches",
                new Dictionary<string, string> { ["input_file_id"] = file, ["endpoint"] = Chat, ["completion_window"] = "24h" },
                cancellationToken),
            cancellationToken);
        JsonElement batch;
        while ((batch = await gateway.Http.GetFromJsonAsync<JsonElement>($"/v1/batches/{id}", cancellationToken)).GetProperty("status")
            .GetString() is "validating" or "in_progress")
        {
            await Task.Delay(20, cancellationToken);
        }

        var (run, runCpu) = (watch.Elapsed - upload, gateway.CpuTime - cpu - uploadCpu);
        if (batch.GetProperty("request_counts").GetProperty("completed").GetInt32() != count)
            throw new InvalidOperationException($"The batch ended otherwise than expected: {batch}");
        var results = batch.GetProperty("output_file_id").GetString();
        await using (var output = await gateway.Http.GetStreamAsync($"/v1/files/{results}/content", cancellationToken))
        {
            await CountAsync(output, count, cancellationToken);
        }

        var whole = watch.Elapsed;
        var first = DateTimeOffset.FromUnixTimeMilliseconds(
            long.Parse(await http.GetStringAsync(stub, cancellationToken), CultureInfo.InvariantCulture));
        return new Times(
            upload, first - uploadedAt, run, whole - upload - run, whole,
            (uploadCpu, runCpu, gateway.CpuTime - cpu - uploadCpu - runCpu));
    }

    private static async Task CountAsync(Stream output, int count, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        var lines = 0;
        int read;
        while ((read = await output.ReadAsync(buffer, cancellationToken)) > 0) lines += buffer.AsSpan(0, read).Count((byte)'\n');
        if (lines != count) throw new InvalidOperationException($"The output has {lines} lines.");
    }

    private static async Task<string> IdOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            response.EnsureSuccessStatusCode();
            return (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetString()!;
        }
    }

    /// <summary>Lines of about the size of the plan, which all differ.</summary>
    private static async Task WriteAsync(string path, LoadPlan plan, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 16);
        var text = new string('x', Math.Max(0, plan.Bytes - 160));
        for (var i = 0; i < plan.Tasks; i++)
        {
            await writer.WriteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"custom_id":"{{{i}}}","method":"POST","url":"{{{Chat}}}","body":{"model":"m","messages":[{"role":"user","content":"{{{i}}} {{{text}}}"}]}}""")
                .AsMemory(), cancellationToken);
            await writer.WriteAsync('\n');
        }
    }

    private static async Task DeclareAsync(string folder, Uri service, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, "services"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "services", "bench.yaml"),
            $$$"""
            name: bench
            url: {{{service}}}
            openai: [/v1/chat/completions]
            operations:
              post: {item: string, request: {path: /, json: "{{ item | json }}"}}
            """,
            cancellationToken);
    }

    /// <summary>How long each part took; the first call is counted from the end of the upload.</summary>
    private sealed record Times(
        TimeSpan Upload, TimeSpan FirstCall, TimeSpan Run, TimeSpan Download, TimeSpan Whole,
        (TimeSpan Upload, TimeSpan Run, TimeSpan Download) Cpu);
}

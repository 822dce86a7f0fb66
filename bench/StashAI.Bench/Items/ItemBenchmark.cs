using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StashAI.Bench.Gateway;
using StashAI.Bench.Load;

namespace StashAI.Bench.Items;

/// <summary>
/// Large JSON items in one request, sent to the service once and twice each: the peak memory of the server, and whether every call had the
/// right bytes.
/// </summary>
internal static class ItemBenchmark
{
    private static readonly (string Operation, string[] Names)[] Operations = [("once", ["text"]), ("twice", ["first", "second"])];

    public static async Task<int> RunAsync(ItemPlan plan, CancellationToken cancellationToken)
    {
        await using var databases = await LoadDatabases.OpenAsync(plan.StartsPostgres, null, cancellationToken);
        await using var service = await HashService.StartAsync(cancellationToken);
        Console.WriteLine(
            $"{plan.Items} items of {plan.ItemBytes >> 20} MB in one request, {plan.Workers} calls at once, "
            + $"heap {(plan.HeapBytes is { } heap ? $"of at most {heap >> 20} MB" : "without a limit")}");
        Console.WriteLine("  database   payloads  operation  submit s  end to end s  peak MB of the server  right calls");
        var isRight = true;
        foreach (var payloads in plan.StartsPostgres ? ["database"] : new[] { "files", "database" })
        {
            var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
            try
            {
                await DeclareAsync(folder, service.Url, cancellationToken);
                await using var gateway = await BenchGateway.StartAsync(
                    await databases.CreateAsync(folder, cancellationToken), new Uri(service.Url), folder, plan.Workers, cancellationToken,
                    Settings(plan, payloads), plan.Program);
                try
                {
                    foreach (var (operation, names) in Operations)
                        isRight &= await MeasureAsync(plan, gateway, service, payloads, operation, names, cancellationToken);
                }
                finally
                {
                    foreach (var line in gateway.Errors) await Console.Error.WriteLineAsync(line);
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return isRight ? 0 : 1;
    }

    private static Dictionary<string, string?> Settings(ItemPlan plan, string payloads) => new()
    {
        ["PAYLOADS"] = payloads,
        ["DOTNET_GCHeapHardLimit"] = plan.HeapBytes is { } heap ? heap.ToString("x", CultureInfo.InvariantCulture) : null,
    };

    private static async Task<bool> MeasureAsync(
        ItemPlan plan, BenchGateway gateway, HashService service, string payloads, string operation, string[] names,
        CancellationToken cancellationToken)
    {
        gateway.ResetPeakMemory();
        var started = Stopwatch.GetTimestamp();
        using var content = new TextItems(plan.Items, plan.ItemBytes);
        content.Headers.ContentType = new("application/json");
        using var response = await gateway.Http.PostAsync($"/api/bench/batch/{operation}", content, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"The submit was answered {response.StatusCode}: {text}");
        var submitted = Stopwatch.GetElapsedTime(started);
        using var answer = JsonDocument.Parse(text);
        await gateway.FollowAsync("job", answer.RootElement.GetProperty("job_id").GetString()!, cancellationToken);
        var ended = Stopwatch.GetElapsedTime(started);
        var calls = service.TakeCalls($"/{operation}");
        var right = Enumerable.Range(0, plan.Items).Count(item => calls.ContainsKey(TextItems.HashOfCall(item, plan.ItemBytes, names)));
        Console.WriteLine(
            $"  {(plan.StartsPostgres ? "PostgreSQL" : "SQLite"),-10} {payloads,-9} {operation,-9} {submitted.TotalSeconds,9:N1} "
            + $"{ended.TotalSeconds,13:N1} {gateway.PeakMemory >> 20,22:N0} {right,12} of {plan.Items}");
        return right == plan.Items && calls.Count == plan.Items;
    }

    private static Task DeclareAsync(string folder, string url, CancellationToken cancellationToken)
    {
        var services = Directory.CreateDirectory(Path.Combine(folder, "services")).FullName;
        return File.WriteAllTextAsync(
            Path.Combine(services, "bench.yaml"),
            $$$"""
            name: bench
            url: {{{url}}}
            operations:
              once:
                item: {properties: {text: string}}
                request: {path: /once, json: {text: "{{ item.text }}"}}
              twice:
                item: {properties: {text: string}}
                request: {path: /twice, json: {first: "{{ item.text }}", second: "{{ item.text }}"}}
            """,
            cancellationToken);
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Bench.Gateway;
using StashAI.Bench.Load;

namespace StashAI.Bench.Packing;

/// <summary>
/// What packing gains on a real embeddings engine: one job over HTTP until its terminal message, by the shipped declaration and by the same
/// without its `pack`, in turns.
/// </summary>
internal static partial class PackBenchmark
{
    private const int Workers = 4;

    public static async Task<int> RunAsync(string service, int texts, int runs, CancellationToken cancellationToken)
    {
        if (!await AnswersAsync(service, cancellationToken))
        {
            await Console.Error.WriteLineAsync(
                $"{service} does not embed texts: start it, for example with `node samples/services/embeddings.mjs`, "
                + "or name another with --service.");
            return 1;
        }

        await using var databases = await LoadDatabases.OpenAsync(false, null, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            var declared = await File.ReadAllTextAsync(
                Path.Combine(AppContext.BaseDirectory, "services", "embeddings.yaml"), cancellationToken);
            var services = Directory.CreateDirectory(Path.Combine(folder, "services")).FullName;
            await File.WriteAllTextAsync(Path.Combine(services, "embeddings.yaml"), declared, cancellationToken);
            await File.WriteAllTextAsync(
                Path.Combine(services, "unpacked.yaml"),
                Pack().Replace(declared, "").Replace("name: embeddings", "name: unpacked", StringComparison.Ordinal),
                cancellationToken);
            await using var gateway = await BenchGateway.StartAsync(
                await databases.CreateAsync(folder, cancellationToken), new Uri("http://127.0.0.1:9"), folder, Workers, cancellationToken,
                new Dictionary<string, string?> { ["SERVICES_DIR"] = services, ["EMBEDDINGS_API_URL"] = service });
            await RunAsync(gateway, "unpacked", Math.Min(texts, 64), cancellationToken);
            await RunAsync(gateway, "embeddings", Math.Min(texts, 64), cancellationToken);
            Console.WriteLine(
                $"{texts} texts in one job, {Workers} calls at once, {service}; texts/s from the submit to the terminal message");
            Console.WriteLine("  one by one    packed   ratio");
            var (alone, packed) = (new List<double>(), new List<double>());
            for (var run = 0; run < runs; run++)
            {
                alone.Add(await RunAsync(gateway, "unpacked", texts, cancellationToken));
                packed.Add(await RunAsync(gateway, "embeddings", texts, cancellationToken));
                Console.WriteLine($"  {alone[^1],10:N1} {packed[^1],9:N1} {packed[^1] / alone[^1],7:N1}");
            }

            Console.WriteLine(
                $"  medians: {Median(alone):N1} and {Median(packed):N1} texts/s, packing pays {Median(packed) / Median(alone):N1} x");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> AnswersAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient();
            using var response = await http.PostAsJsonAsync(
                new Uri(new Uri(service), "/v1/embeddings"), new { model = "any", input = "a text" }, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Texts a second of one job, all of which must succeed.</summary>
    private static async Task<double> RunAsync(BenchGateway gateway, string service, int texts, CancellationToken cancellationToken)
    {
        var items = Enumerable.Range(0, texts).Select(
            i => $"Sentence number {i} of {service} tells what happened on day {i * 7 % 365} at the {(i % 2 == 0 ? "sea" : "mountain")}.");
        var body = Encoding.UTF8.GetBytes($$"""{"items":{{JsonSerializer.Serialize(items)}}}""");
        var start = Stopwatch.GetTimestamp();
        var id = await gateway.SubmitAsync($"/api/{service}/job", body, "job_id", cancellationToken);
        await gateway.FollowAsync("job", id, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start);
        using var status = JsonDocument.Parse(await gateway.Http.GetByteArrayAsync($"/api/queue/status/{id}", cancellationToken));
        return status.RootElement.GetProperty("completed_tasks").GetInt32() == texts
            ? texts / elapsed.TotalSeconds
            : throw new InvalidOperationException($"The service did not answer for all texts: is it running? {status.RootElement}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex(@"^    pack:\n(      .*\n)+", RegexOptions.Multiline)]
    private static partial Regex Pack();
}

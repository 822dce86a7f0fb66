using System.Net.Http.Json;
using System.Text.Json;

namespace StashAI.Bench.Pages;

/// <summary>How long after the commit of a result its line comes on <c>GET /api/jobs/{id}/results?follow=true</c>.</summary>
internal sealed class FollowMeasure(HttpClient http)
{
    private const int Jobs = 20;
    private const double Target = 250;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var delays = new List<double>();
        for (var i = 0; i < Jobs; i++)
        {
            var answer = await http.PostAsJsonAsync(
                "/api/bench/job", new { items = Enumerable.Range(0, 200).Select(item => $"item {item}") }, cancellationToken);
            answer.EnsureSuccessStatusCode();
            var job = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("job_id").GetString();
            await using var stream = await http.GetStreamAsync(
                $"/api/jobs/{job}/results?format=ndjson&follow=true&order=finished", cancellationToken);
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                var now = TimeProvider.System.GetUtcNow();
                using var result = JsonDocument.Parse(line);
                delays.Add((now - result.RootElement.GetProperty("finished_at").GetDateTimeOffset()).TotalMilliseconds);
            }
        }

        var sorted = new Quantiles(delays);
        Console.WriteLine(
            $"  follow: from the end of a call to its line, {delays.Count:N0} results: "
            + $"p50 {sorted.Median:N0} ms, p99 {sorted.At(0.99):N0} ms, longest {sorted.Longest:N0} ms (wanted: "
            + $"{Target:N0} after the commit)");
    }
}

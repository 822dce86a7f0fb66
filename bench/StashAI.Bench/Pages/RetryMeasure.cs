using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace StashAI.Bench.Pages;

/// <summary>
/// A bulk retry of a job whose 100,000 tasks failed, while other jobs run: how long it takes, and what it leaves of their speed.
/// The lane of the retried tasks is closed, so that none of them runs meanwhile.
/// </summary>
internal sealed class RetryMeasure(HttpClient http, string big)
{
    /// <summary>Two jobs of as many items as one body may have.</summary>
    private const int Jobs = 2;

    private const int Items = 75_000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var other = new List<string>();
        for (var i = 0; i < Jobs; i++)
        {
            var answer = await http.PostAsJsonAsync(
                "/api/bench/job", new { items = Enumerable.Range(0, Items).Select(item => $"item {item}") }, cancellationToken);
            answer.EnsureSuccessStatusCode();
            other.Add((await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("job_id").GetString()!);
        }

        await RateAsync(other, () => Task.Delay(TimeSpan.FromSeconds(3), cancellationToken), cancellationToken);
        var before = await RateAsync(other, () => Task.Delay(Window, cancellationToken), cancellationToken);
        var watch = Stopwatch.StartNew();
        var during = await RateAsync(other, () => RetryAsync(cancellationToken), cancellationToken);
        var took = watch.Elapsed;
        var after = await RateAsync(other, () => Task.Delay(Window, cancellationToken), cancellationToken);
        Console.WriteLine(
            $"  bulk retry of {PageFill.FailedTasks:N0} tasks: {took.TotalSeconds:N1} s (wanted: 20); other jobs meanwhile "
            + $"{during:N0} tasks/s, {before:N0} before and {after:N0} after: {2 * during / (before + after):P0} (wanted: 80 %)");
    }

    private async Task RetryAsync(CancellationToken cancellationToken)
    {
        var answer = await http.PostAsJsonAsync(
            "/api/bulk", new { action = "retry", filter = new { ids = new[] { big } } }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetString();
        while (true)
        {
            var bulk = await http.GetFromJsonAsync<JsonElement>($"/api/bulk/{id}", cancellationToken);
            if (bulk.GetProperty("state").GetString() != "running") break;
            await Task.Delay(50, cancellationToken);
        }

        var waiting = (await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{big}", cancellationToken)).GetProperty("tasks")
            .GetProperty("available").GetInt32();
        if (waiting != PageFill.FailedTasks)
        {
            throw new InvalidOperationException($"{waiting} of {PageFill.FailedTasks} tasks were retried.");
        }
    }

    /// <summary>Tasks of some jobs that complete in a second, during something.</summary>
    private async Task<double> RateAsync(IReadOnlyList<string> jobs, Func<Task> something, CancellationToken cancellationToken)
    {
        var before = await CompletedAsync(jobs, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        await something();
        var completed = await CompletedAsync(jobs, cancellationToken) - before;
        return completed / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task<int> CompletedAsync(IReadOnlyList<string> jobs, CancellationToken cancellationToken)
    {
        var completed = 0;
        foreach (var job in jobs)
        {
            completed += (await http.GetFromJsonAsync<JsonElement>($"/api/jobs/{job}", cancellationToken)).GetProperty("tasks")
                .GetProperty("completed").GetInt32();
        }

        return completed;
    }
}

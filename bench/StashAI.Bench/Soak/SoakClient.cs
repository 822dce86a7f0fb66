using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace StashAI.Bench.Soak;

/// <summary>Clients that submit jobs to whichever gateway answers, cancel a few, and watch each to its end.</summary>
internal sealed class SoakClient(SoakPlan plan, SoakCluster cluster) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1500);

    private static readonly string[] Final = ["status", "version", "total_tasks", "completed_tasks", "failed_tasks", "cancelled_tasks"];

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Every job that was sent, acknowledged or not.</summary>
    public ConcurrentQueue<SubmittedJob> Jobs { get; } = new();

    /// <summary>Sends jobs until <paramref name="stop"/>; the last ones are watched to their end until <paramref name="giveUp"/>.</summary>
    public Task RunAsync(CancellationToken stop, CancellationToken giveUp) =>
        Task.WhenAll(Enumerable.Range(0, plan.Clients).Select(client => RunAsync(client, stop, giveUp)));

    /// <summary>The job with its tasks, from whichever gateway answers.</summary>
    public async Task<JsonElement> ReadAsync(string path, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await http.GetFromJsonAsync<JsonElement>($"{Gateway(i)}{path}", cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException
                && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>Removes every job that is still there.</summary>
    public async Task RemoveAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = (await ReadAsync("/api/jobs?limit=200", cancellationToken)).GetProperty("data");
            if (page.GetArrayLength() == 0) return;
            foreach (var job in page.EnumerateArray()) await RemoveAsync(job.GetProperty("id").GetString()!, cancellationToken);
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>What may not change once a job is over.</summary>
    public static string EndOf(JsonElement job) => string.Join(' ', Final.Select(name => $"{name}={job.GetProperty(name)}"));

    public static bool IsOver(JsonElement job) => job.GetProperty("status").GetString() is not ("pending" or "running");

    private async Task RunAsync(int client, CancellationToken stop, CancellationToken giveUp)
    {
        var random = new Random((plan.Seed * 1000) + client);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var items = random.NextDouble() switch { < 0.4 => 1, < 0.9 => random.Next(2, 50), _ => random.Next(200, 500) };
            var job = new SubmittedJob($"c{client}-{i}", items, random.Next(3) == 0 ? random.Next(1, 5) : 100_000);
            Jobs.Enqueue(job);
            try
            {
                await SubmitAsync(job, random.Next(), giveUp);
                if (job.Id is null) await Task.Delay(Pause, giveUp);
                else await FollowAsync(job, random.Next(20) == 0, giveUp);
                if (job.End is null || random.Next(4) != 0) continue;
                job.WasRemoved = true;
                await RemoveAsync(job.Id!, giveUp);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task SubmitAsync(SubmittedJob job, int random, CancellationToken cancellationToken)
    {
        var images = string.Join(
            ',', Enumerable.Range(0, job.Items).Select(i => $"\"{Convert.ToBase64String(SoakPhoto.Of(job.Item(i)))}\""));
        using var content = new StringContent(
            $$$"""{"images":[{{{images}}}],"config":{"job_name":"{{{job.Name}}}","batch_size":{{{job.MaxParallel}}}}}""",
            Encoding.UTF8,
            "application/json");
        try
        {
            using var response = await http.PostAsync($"{Gateway(random)}/api/visage/job", content, cancellationToken);
            if (!response.IsSuccessStatusCode) return;
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            // Run without the database: the answer is all there is of it.
            if (answer.TryGetProperty("durable", out var durable) && !durable.GetBoolean())
            {
                job.AnsweredItems = answer.GetProperty("results").GetArrayLength();
            }
            else
            {
                job.Id = answer.GetProperty("job_id").GetString();
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException or JsonException
            && !cancellationToken.IsCancellationRequested)
        {
            // Not acknowledged: it may or may not be there, but whole.
        }
    }

    private async Task FollowAsync(SubmittedJob job, bool cancels, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pause, cancellationToken);
            if (cancels)
            {
                job.WasCancelled = true;
                await CancelAsync(job, cancellationToken);
                cancels = false;
            }

            var state = await ReadAsync($"/api/queue/status/{job.Id}", cancellationToken);
            if (!IsOver(state)) continue;
            job.End = EndOf(state);
            return;
        }
    }

    /// <summary>Removes a job that is over, and asks until that was heard.</summary>
    private async Task RemoveAsync(string job, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                using var response = await http.DeleteAsync($"{Gateway(i)}/api/jobs/{job}", cancellationToken);
                if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound) return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException
                && !cancellationToken.IsCancellationRequested)
            {
                // It is asked for again.
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task CancelAsync(SubmittedJob job, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.PostAsync($"{Gateway(job.Items)}/api/queue/cancel/{job.Id}", null, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException
            && !cancellationToken.IsCancellationRequested)
        {
            // It may have been heard; both ends are right then.
        }
    }

    /// <summary>A gateway that is up; an address that refuses when none is.</summary>
    private string Gateway(int any)
    {
        var up = cluster.Gateways.Select(gateway => gateway.Url).OfType<string>().ToList();
        return up.Count == 0 ? "http://127.0.0.1:9" : up[any % up.Count];
    }
}

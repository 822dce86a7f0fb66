using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.Bench.Gateway;
using StashAI.Bench.Load;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Bench.Faces;

/// <summary>
/// What people ask about the faces of a large finished job. A scripted face service "finds" the faces; then the real one takes its place
/// at the same address and judges, groups and forgets them.
/// </summary>
internal sealed class FaceBenchmark
{
    private const string VisageReady = "Visage is ready at ";
    private const int People = 1_000;
    private const int Rematches = 5;

    /// <summary>How often all names are taken away and given again.</summary>
    private const int Changing = 3;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly FacePlan plan;
    private readonly BenchGateway gateway;
    private readonly StashAIProcess visage;
    private readonly CancellationToken cancellationToken;
    private readonly string job;

    private FaceBenchmark(FacePlan plan, BenchGateway gateway, StashAIProcess visage, string job, CancellationToken cancellationToken)
    {
        this.plan = plan;
        this.gateway = gateway;
        this.visage = visage;
        this.job = job;
        this.cancellationToken = cancellationToken;
    }

    public static async Task<int> RunAsync(FacePlan plan, CancellationToken cancellationToken)
    {
        var photos = new MadePhotos(plan.Photos);
        await using var databases = await LoadDatabases.OpenAsync(plan.StartsPostgres, null, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("stashai-bench-").FullName;
        try
        {
            var database = await databases.CreateAsync(folder, cancellationToken);
            var scripted = await ScriptedService.StartAsync(
                new ScriptedServiceOptions { LedgerKeepsCalls = false, Item = call => call.Path }, cancellationToken);
            scripted.Script = photos.Answer;
            var address = scripted.Url;
            await using var gateway = await BenchGateway.StartAsync(
                database, new Uri(address), folder, 8, cancellationToken, program: plan.Program);
            Console.WriteLine(
                $"A job of {plan.Photos:N0} photos with two faces each, {(plan.StartsPostgres ? "PostgreSQL" : "SQLite")}");
            var start = Stopwatch.GetTimestamp();
            var job = await gateway.SubmitAsync("/api/visage/job", photos.Submit(), "job_id", cancellationToken);
            await gateway.FollowAsync("job", job, cancellationToken);
            Console.WriteLine($"  filled in {Stopwatch.GetElapsedTime(start).TotalSeconds:N0} s");
            await scripted.DisposeAsync();
            await using var visage = StashAIProcess.Launch(new StashAIProcessOptions
            {
                Program = plan.Program is null ? null : [plan.Program],
                Arguments = ["visage", "--urls", address, "--data", folder, "--models", plan.Models, "--log-level", "warning"],
                Environment = new Dictionary<string, string?> { ["VISAGE_DATABASE"] = database.Url ?? "none" },
                Folder = folder,
            });
            await visage.WaitForLineAsync(line => line.StartsWith(VisageReady, StringComparison.Ordinal), cancellationToken);
            await new FaceBenchmark(plan, gateway, visage, job, cancellationToken).MeasureAsync(photos);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task MeasureAsync(MadePhotos photos)
    {
        Console.WriteLine($"  {"",-66} {"p50",9} {"p99",9} {"longest",9}   memory at most, processor time of each: server, face service");
        await ReadyAsync();
        await OnceAsync("groups of all faces, nobody in the gallery (wanted: 60 s)", () => GroupAsync());
        await OnceAsync($"import of {People:N0} people with up to three faces each", async () =>
        {
            using var content = new StringContent(photos.Gallery(People), Encoding.UTF8, "application/x-ndjson");
            using var answer = await gateway.Http.PostAsync("/api/people/import", content, cancellationToken);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadAsStringAsync(cancellationToken);
        });
        await OnceAsync("rematch that names them, the first of both processes (wanted: 2 s)", () => RematchAsync());
        await TimesAsync("rematch again (wanted: 2 s)", Rematches, () => RematchAsync());
        for (var i = 0; i < Changing; i++)
        {
            await OnceAsync("rematch that takes all names away", () => RematchAsync(threshold: 1));
            await OnceAsync("rematch that names them again (wanted: 2 s)", () => RematchAsync());
        }

        var most = await IdOfAsync(MadePhotos.NameOf(0));
        await PageAsync("photos of the person with most photos (wanted: 50 ms)", $"/api/people/{most}/photos");
        await PageAsync("the same, of this job, from a confidence on", $"/api/people/{most}/photos?job={job}&min_confidence=0.9");
        await PageAsync("the same, 200 on a page", $"/api/people/{most}/photos?limit=200");
        await PageAsync("photos of a person with few", $"/api/people/{await IdOfAsync(MadePhotos.NameOf(People / 2))}/photos");
        await PageAsync("people of the job", $"/api/people?in_job={job}");
        await PageAsync("who is on photos of the person with most", $"/api/people/{most}/together");
        await PageAsync("a page of the gallery", "/api/people");
        await OnceAsync("groups of the faces that are still unknown", () => GroupAsync());
        await OnceAsync("erasure of the person with most photos", () => EraseAsync(most));
    }

    /// <summary>The gateway finds the new face service at its next call.</summary>
    private async Task ReadyAsync()
    {
        while (true)
        {
            using var answer = await gateway.Http.GetAsync("/api/people", cancellationToken);
            if (answer.IsSuccessStatusCode) return;
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private async Task<string> GroupAsync()
    {
        var end = await EndAsync(await PostAsync($"/api/jobs/{job}/clusters"), $"/api/jobs/{job}/clusters?limit=1");
        return $"{end.GetProperty("unknown")} of {end.GetProperty("faces")} faces, {end.GetProperty("groups")} groups";
    }

    private async Task<string> RematchAsync(double? threshold = null)
    {
        var end = await EndAsync(await PostAsync($"/api/jobs/{job}/rematch", new { threshold }), $"/api/jobs/{job}/rematch");
        return $"{end.GetProperty("judged")} judged, {end.GetProperty("changed")} changed";
    }

    private async Task<string> EraseAsync(string person)
    {
        using var answer = await gateway.Http.DeleteAsync($"/api/people/{person}", cancellationToken);
        answer.EnsureSuccessStatusCode();
        var begun = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var end = await EndAsync(begun, $"/api/people/erasures/{begun.GetProperty("id").GetString()}");
        return $"{end.GetProperty("results_changed")} results changed";
    }

    private async Task<JsonElement> PostAsync(string path, object? body = null)
    {
        using var answer = await gateway.Http.PostAsJsonAsync(path, body ?? new { }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private async Task<JsonElement> EndAsync(JsonElement state, string path)
    {
        while (state.GetProperty("state").GetString() == "running")
        {
            await Task.Delay(PollInterval, cancellationToken);
            state = await gateway.Http.GetFromJsonAsync<JsonElement>(path, cancellationToken);
        }

        return state.GetProperty("state").GetString() == "completed"
            ? state : throw new InvalidOperationException($"{path} ended otherwise than expected: {state}");
    }

    private async Task<string> IdOfAsync(string name) =>
        (await gateway.Http.GetFromJsonAsync<JsonElement>($"/api/people?name={Uri.EscapeDataString(name)}", cancellationToken))
            .GetProperty("data")[0].GetProperty("id").GetString()!;

    private Task OnceAsync(string name, Func<Task<string>> action) => TimesAsync(name, 1, action);

    private async Task PageAsync(string name, string path)
    {
        // The first answer compiles and reads; people ask a warm server.
        await gateway.Http.GetByteArrayAsync(path, cancellationToken);
        await TimesAsync(name, plan.Samples, async () =>
        {
            using var answer = await gateway.Http.GetAsync(path, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {text}");
            return "";
        });
    }

    private async Task TimesAsync(string name, int times, Func<Task<string>> action)
    {
        gateway.ResetPeakMemory();
        visage.ResetPeakMemory();
        var (taken, result) = (new List<double>(), "");
        var (ofServer, ofVisage) = (ProcessorTime(gateway.ProcessId), ProcessorTime(visage.ProcessId));
        for (var i = 0; i < times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            result = await action();
            taken.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        ofServer = (ProcessorTime(gateway.ProcessId) - ofServer) / times;
        ofVisage = (ProcessorTime(visage.ProcessId) - ofVisage) / times;
        var sorted = new Quantiles(taken);
        Console.WriteLine(
            $"  {name,-66} {Text(sorted.Median),9} {Text(sorted.At(0.99)),9} {Text(sorted.Longest),9}   {gateway.PeakMemory >> 20} MB, "
            + $"{visage.ReadMemory().PeakResidentBytes >> 20} MB; {Text(ofServer)}, {Text(ofVisage)}"
            + (result.Length == 0 ? "" : $"; {result}"));
    }

    /// <summary>Milliseconds; on a busy machine they say more than the time that passed.</summary>
    private static double ProcessorTime(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime.TotalMilliseconds;
    }

    private static string Text(double milliseconds) => milliseconds < 1_000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:N1} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:N2} s");
}

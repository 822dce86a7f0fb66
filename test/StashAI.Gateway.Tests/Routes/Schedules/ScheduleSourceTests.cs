using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Routes.Schedules;
using StashAI.Queue.Model.Schedules;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Schedules;

/// <summary>What runs submit, through the same intake as clients.</summary>
public sealed class ScheduleSourceTests
{
    private const string Declared = """
        name: texts
        url: http://127.0.0.1:9
        config: {tone: {type: string, default: plain}, token: {type: secret, required: false}}
        operations:
          say:
            item: string
            request: {path: /say, json: {text: "{{ item }}"}}
          scan:
            item: {type: object, properties: {image: file, item_id: {type: string, required: false}}}
            request: {path: /scan, raw: {file: item.image}}

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_new_and_changed_photos_of_a_folder_are_submitted()
    {
        await using var host = await ScheduleHost.StartAsync();
        await host.WriteAsync("a.jpg", "one");
        await host.WriteAsync("trip/b.PNG", "two");
        await host.WriteAsync("trip/notes.txt", "no photo");
        await host.WriteAsync(".hidden.jpg", "hidden");
        File.CreateSymbolicLink(Path.Combine(host.Photos, "link.jpg"), Path.Combine(host.Photos, "a.jpg"));
        File.CreateSymbolicLink(Path.Combine(host.Photos, "trip", "loop"), host.Photos);
        var config = """,config":{"tags":["nightly"],"priority":7,"threshold":0.6},"deadline_seconds":3600""".Insert(1, "\"");
        await host.CreateAsync(ScheduleHost.Body(host.Changed, more: config));

        var first = await host.RunAsync();
        Assert.Equal(("submitted", 2, true), (first.Text("state"), first.Whole("items"), first.GetProperty("asked").GetBoolean()));
        Assert.Equal(["one", "two"], host.Seen);
        var job = await host.Gateway.GetAsync($"/api/jobs/{first.Text("job_id")}");
        Assert.Equal(("nightly", 7, "identify"), (job.Text("name"), job.Whole("priority"), job.Text("operation")));
        Assert.Equal("nightly", job.GetProperty("tags")[0].GetString());
        Assert.Equal("nightly", first.Text("job_name"));
        var listed = (await host.Gateway.GetAsync("/api/schedules")).GetProperty("data")[0].GetProperty("last_run");
        Assert.Equal((first.Text("job_id"), "nightly"), (listed.Text("job_id"), listed.Text("job_name")));
        Assert.False(job.IsNull("deadline_at"));

        Assert.Equal("nothing", (await host.RunAsync()).Text("state"));
        await host.WriteAsync("trip/b.PNG", "two, edited");
        await host.WriteAsync("c.jpeg", "three");
        await host.WriteAsync("empty.jpg", "");
        var second = await host.RunAsync();

        Assert.Equal(("submitted", 2), (second.Text("state"), second.Whole("items")));
        Assert.Contains("empty.jpg is empty", second.Text("reason"), StringComparison.Ordinal);
        Assert.Equal(["one", "three", "two", "two, edited"], host.Seen);
        var results = await host.Gateway.GetAsync($"/api/jobs/{second.Text("job_id")}/results?format=json");
        Assert.Contains("\"c.jpeg\"", results.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_files_of_one_kind_are_submitted_each_time_without_the_folders_inside()
    {
        await using var host = await ScheduleHost.StartAsync();
        await host.WriteAsync("a.jpg", "one");
        await host.WriteAsync("b.png", "two");
        await host.WriteAsync("trip/c.jpg", "three");
        await host.CreateAsync(ScheduleHost.Body(
            $$"""{"type":"folder","path":"{{host.Photos}}","recursive":false,"types":[".JPG"]}"""));

        Assert.Equal(1, (await host.RunAsync()).Whole("items"));
        Assert.Equal(1, (await host.RunAsync()).Whole("items"));
        Assert.Equal(["one", "one"], host.Seen);
    }

    [Fact]
    public async Task Lines_of_a_file_and_a_fixed_body_are_submitted_to_a_declared_service()
    {
        await using var host = await ScheduleHost.StartAsync(files: ("texts.yaml", Declared));
        var path = await host.WriteAsync("lines.jsonl", "\"one\"\n\r\n \n\"two\"");
        await host.CreateAsync(ScheduleHost.Body(
            $$"""{"type":"ndjson","path":"{{path}}"}""", "texts", ""","operation":"say","config":{"tone":"loud"}"""));
        await host.CreateAsync(ScheduleHost.Body("""{"type":"body","body":{"items":["a","b","c"],"config":{"tone":"low"}}}""", "texts",
            ""","operation":"say","config":{"tone":"loud","priority":8}""").Replace("nightly", "fixed", StringComparison.Ordinal));
        await host.WriteAsync("x.bin", "bytes");
        await host.CreateAsync(
            ScheduleHost.Body(host.Changed, "texts", ""","operation":"scan" """).Replace("nightly", "files", StringComparison.Ordinal));

        var lines = await SubmittedAsync(host, "nightly");
        Assert.Equal((2, "loud"), (lines.GetProperty("tasks").Whole("total"), Config(lines).Text("tone")));
        var body = await SubmittedAsync(host, "fixed");
        Assert.Equal((3, "low", 8), (body.GetProperty("tasks").Whole("total"), Config(body).Text("tone"), body.Whole("priority")));
        // The lines are a file too.
        Assert.Equal(2, (await SubmittedAsync(host, "files")).GetProperty("tasks").Whole("total"));

        await File.WriteAllTextAsync(path, "\"one\"\n{broken\n", Cancellation);
        await CancelAsync(host, lines);
        var failed = await host.RunAsync();
        Assert.Equal("failed", failed.Text("state"));
        Assert.Contains($"line 2 of {path} is not JSON", failed.Text("reason"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, "", Cancellation);
        Assert.Equal("nothing", (await host.RunAsync()).Text("state"));
    }

    [Fact]
    public async Task A_schedule_keeps_no_secret()
    {
        await using var host = await ScheduleHost.StartAsync(files: ("texts.yaml", Declared));
        const string Source = """{"type":"body","body":{"items":["a"]}}""";
        foreach (var (body, field) in ((string, string)[])
            [
                (ScheduleHost.Body(Source, "texts", ""","operation":"say","config":{"token":"t"}"""), "config.token"),
                (ScheduleHost.Body("""{"type":"body","body":{"items":["a"],"config":{"token":"t"}}}""", "texts", ""","operation":"say" """),
                    "source.body.config.token"),
            ])
        {
            var refusal = await host.Gateway.PostAsync("/api/schedules", body, 422);
            Assert.Equal(field, refusal.FirstError().Text("field"));
        }
    }

    [Fact]
    public async Task What_was_removed_since_fails_the_run_and_leaves_the_schedule()
    {
        await using var host = await ScheduleHost.StartAsync(files: ("texts.yaml", Declared));
        var path = await host.WriteAsync("lines.jsonl", "\"one\"");
        await host.CreateAsync(ScheduleHost.Body($$"""{"type":"ndjson","path":"{{path}}"}""", "texts", ""","operation":"say" """));
        await host.WriteAsync("inside/a.jpg", "one");
        await host.CreateAsync(ScheduleHost.Body($$"""{"type":"folder","path":"{{host.Photos}}/inside"}""")
            .Replace("nightly", "photos", StringComparison.Ordinal));

        File.Delete(path);
        Assert.Contains("is not a file under a folder of ALLOWED_FOLDERS", (await FailedAsync(host, "nightly")), StringComparison.Ordinal);
        Directory.Delete(Path.Combine(host.Photos, "inside"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(host.Photos, "inside"), Path.GetTempPath());
        Assert.Contains("is not a folder of ALLOWED_FOLDERS", (await FailedAsync(host, "photos")), StringComparison.Ordinal);
        File.Delete(host.ServiceFile("texts.yaml"));
        host.Gateway.Services.GetRequiredService<Upstreams.Services.ServiceCatalog>().Reload();
        Assert.Contains("there is no service 'texts'", (await FailedAsync(host, "nightly")), StringComparison.Ordinal);

        Assert.Equal(2, (await host.Gateway.GetAsync("/api/schedules")).Whole("total"));
        using var paused = await host.Gateway.SendAsync(HttpMethod.Patch, "/api/schedules/nightly", """{"paused":true}""");
        Assert.Equal(200, (int)paused.StatusCode);
    }

    [Fact]
    public async Task A_process_that_dies_between_submit_and_record_leaves_one_job()
    {
        await using var host = await ScheduleHost.StartAsync();
        await host.WriteAsync("a.jpg", "one");
        var schedule = (await host.CreateAsync(ScheduleHost.Body(host.Changed))).GetProperty("id").GetGuid();
        var key = (await host.Schedules.FindScheduleAsync(schedule, Cancellation))!.Key;
        await host.Schedules.AskRunAsync(key, Cancellation);
        var dead = (await host.Schedules.TakeRunAsync(Guid.NewGuid(), TimeSpan.Zero, Cancellation))!;
        var work = host.Gateway.Services.GetRequiredService<IScheduledWork>();
        var submitted = await work.RunAsync(dead, Cancellation);
        Assert.Equal((ScheduleRunState.Submitted, 1), (submitted.State, submitted.Items));

        // Another file comes before another process takes the run over.
        await host.WriteAsync("b.jpg", "two");
        var repeated = await host.WorkAsync();

        Assert.Equal(
            ("submitted", submitted.JobId, 1), (repeated.Text("state"), repeated.GetProperty("job_id").GetGuid(), repeated.Whole("items")));
        Assert.Equal(1, (await host.Gateway.GetAsync("/api/jobs")).Whole("total"));
        // The file that came later is new for the next run, and the other one is not.
        await host.RunAsync();
        Assert.Equal(["one", "two"], host.Seen);
        // Whoever is late with the same run plans nothing any more.
        await host.WriteAsync("c.jpg", "three");
        await Assert.ThrowsAsync<OperationCanceledException>(() => work.RunAsync(dead, Cancellation));
    }

    private static async Task<JsonElement> SubmittedAsync(ScheduleHost host, string schedule)
    {
        using var asked = await host.Gateway.SendAsync(HttpMethod.Post, $"/api/schedules/{schedule}/run");
        await host.Loop.RunOnceAsync(Cancellation);
        await host.Loop.WhenIdleAsync();
        var run = (await host.RunsAsync(schedule))[0];
        Assert.True(run.Text("state") == "submitted", run.ToString());
        return await host.Gateway.GetAsync($"/api/jobs/{run.Text("job_id")}");
    }

    private static async Task<string> FailedAsync(ScheduleHost host, string schedule)
    {
        var run = await host.RunAsync(schedule);
        Assert.Equal("failed", run.Text("state"));
        return run.Text("reason");
    }

    private static JsonElement Config(JsonElement job) => job.GetProperty("config");

    private static async Task CancelAsync(ScheduleHost host, JsonElement job)
    {
        using var cancelled = await host.Gateway.SendAsync(HttpMethod.Post, $"/api/queue/cancel/{job.Text("id")}");
        await host.Gateway.EndOfAsync(job.Text("id"));
    }
}

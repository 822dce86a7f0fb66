using System.Text.Json;
using StashAI.Testing.Files;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>Jobs, tasks and services: finding, changing and running them again.</summary>
[Collection(nameof(CliServer))]
public sealed class WorkCommandTests(CliServer server)
{
    [Fact]
    public async Task A_failed_item_is_found_mended_and_retried()
    {
        var bad = $"bad {Guid.NewGuid()}";
        var name = $"Mended {Guid.NewGuid()}";
        var job = (await server.RunAsync("submit", "translation", "--text", "fine", "--text", bad, "--name", name, "--wait")).Lines[0];

        var listed = await server.RunAsync("jobs", "--name", name);
        var shown = await server.RunAsync("job", job);
        var failed = await server.RunAsync("tasks", job, "--state", "failed");
        var task = await server.RunAsync("task", $"{job}/1");
        server.Mend(bad);
        var retried = await server.RunAsync("retry", job, "--failed");
        var watched = await server.RunAsync("watch", job);

        Assert.Contains("partial", listed.Lines[1], StringComparison.Ordinal);
        Assert.Contains("1 x rejected", shown.Output, StringComparison.Ordinal);
        Assert.Contains("/1  failed", failed.Lines[1], StringComparison.Ordinal);
        Assert.Contains("status 422", task.Output, StringComparison.Ordinal);
        Assert.Contains("1 task is queued again", retried.Output, StringComparison.Ordinal);
        Assert.Equal(0, watched.ExitCode);
        Assert.Contains("completed: 2 done", watched.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_are_paused_resumed_and_cancelled()
    {
        var job = (await server.RunAsync("submit", "translation", "--text", "later", "--at", "2h")).Lines[0];

        Assert.Contains("paused", (await server.RunAsync("pause", job)).Output, StringComparison.Ordinal);
        Assert.Contains("scheduled, paused", (await server.RunAsync("job", job)).Output, StringComparison.Ordinal);
        Assert.Contains("paused until", (await server.RunAsync("pause", job, "--resume-at", "9h")).Output, StringComparison.Ordinal);
        Assert.Contains("not paused", (await server.RunAsync("resume", job)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await server.RunAsync("cancel", job)).ExitCode);
        Assert.Equal("cancelled", (await server.RunAsync("job", job, "--json=state")).Json.GetProperty("state").GetString());
        Assert.Equal(5, (await server.RunAsync("watch", job)).ExitCode);
    }

    [Fact]
    public async Task A_service_is_tried_and_imported_over_the_server_and_a_task_shows_its_call()
    {
        var job = (await server.RunAsync("submit", "translation", "--text", "it's a try", "--text", "two", "--wait")).Lines[0];

        var curl = await server.RunAsync("task", $"{job}/0", "--curl");
        var timeline = await server.RunAsync("job", job, "--timeline");
        var tried = await server.RunAsync("service", "test", "translation", "--item", "hello there", "--server", server.Url);
        var unknown = await server.RunAsync("service", "test", "nobody", "--item", "x", "--server", server.Url);
        var imported = await server.RunAsync(
            "service", "import", "curl http://127.0.0.1:1/say -d text=hi", "--name", "said", "--no-call", "--server", server.Url);
        var refused = await server.RunAsync(
            "service", "import", "curl http://127.0.0.1:1/say -d @/etc/passwd", "--no-call", "--server", server.Url);

        Assert.StartsWith("curl -g ", curl.Output, StringComparison.Ordinal);
        Assert.Contains("it'\\''s a try", curl.Output, StringComparison.Ordinal);
        Assert.Contains("ended from", timeline.Output, StringComparison.Ordinal);
        Assert.True(tried.ExitCode == 0, tried.Error + tried.Output);
        Assert.Contains("HELLO THERE", tried.Output, StringComparison.Ordinal);
        Assert.Equal(2, unknown.ExitCode);
        Assert.StartsWith("name: said", imported.Output, StringComparison.Ordinal);
        Assert.Contains("/etc/passwd", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_are_found_by_every_filter()
    {
        var (tag, name) = ($"tag-{Guid.NewGuid():N}", $"Filtered {Guid.NewGuid()}");
        var bad = $"bad {Guid.NewGuid()}";
        var job = (await server.RunAsync(
            "submit", "translation", "--text", bad, "--text", "fine", "--tag", tag, "--tag", "holiday", "--name", name, "--wait")).Lines[0];

        foreach (var filter in (string[])[
            "--state partial", "--service translation", "--operation translate", "--error rejected", "--since 10m", "--sort failed",
            "--name filtered"])
        {
            var found = await server.RunAsync([.. $"jobs --tag {tag} {filter} --json=id".Split(' ')]);
            Assert.True(found.Output.Contains(job, StringComparison.Ordinal), filter);
        }

        foreach (var filter in (string[])[
            "--state failed", "--service pictures", "--operation measure", "--error timeout", "--until 10m", "--owner nobody",
            "--sort priority", "--paused", "--name nobody"])
        {
            Assert.Equal("", (await server.RunAsync([.. $"jobs --tag {tag} {filter} --json=id".Split(' ')])).Output);
        }
    }

    [Fact]
    public async Task All_jobs_of_a_filter_are_changed_retried_and_deleted_by_the_server()
    {
        var tag = $"many-{Guid.NewGuid():N}";
        var bad = $"bad {Guid.NewGuid()}";
        for (var i = 0; i < 3; i++)
            await server.RunAsync("submit", "translation", "--text", bad, "--text", $"fine {i}", "--tag", tag, "--wait");
        var later = (await server.RunAsync("submit", "translation", "--text", "later", "--at", "2h", "--tag", tag)).Lines[0];

        var asked = await server.RunAsync("n\n", [], isInteractive: true, ["retry", "--tag", tag, "--state", "partial"]);
        server.Mend(bad);
        var retried = await server.RunAsync("retry", "--tag", tag, "--state", "partial", "--yes");
        var ids = (await server.RunAsync("jobs", "--tag", tag, "--json=id")).Lines.Select(line =>
            JsonSerializer.Deserialize<JsonElement>(line).GetProperty("id").GetString()!).Where(id => id != later);
        var watched = await server.RunAsync(["watch", .. ids]);
        var urgent = await server.RunAsync("priority", "high", "--tag", tag, "--state", "pending", "--yes");
        var paused = await server.RunAsync("pause", "--tag", tag, "--yes");
        var shown = await server.RunAsync("job", later);
        var one = await server.RunAsync("priority", "low", later);
        var gone = await server.RunAsync("delete", "--tag", tag, "--yes", "--json");
        var listed = await server.RunAsync("bulk");

        Assert.StartsWith("Retry the failed and cancelled items of 3 jobs? [y/N]", asked.Error, StringComparison.Ordinal);
        Assert.Contains("retry completed: 3 jobs done.", retried.Output, StringComparison.Ordinal);
        Assert.Equal((0, 3), (watched.ExitCode, watched.Lines.Length));
        Assert.Equal((0, 0), (urgent.ExitCode, paused.ExitCode));
        Assert.Contains("scheduled, paused", shown.Output, StringComparison.Ordinal);
        Assert.Contains("priority      9", shown.Output, StringComparison.Ordinal);
        Assert.Contains("The priority is 1.", one.Output, StringComparison.Ordinal);
        Assert.Equal(4, gone.Json.GetProperty("done").GetInt32());
        Assert.Equal("", (await server.RunAsync("jobs", "--tag", tag)).Output);
        Assert.Contains(listed.Lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..4] is ["delete", "completed", "4"]);
    }

    [Fact]
    public async Task Items_run_again_as_a_new_job_with_another_setting()
    {
        var bad = $"bad {Guid.NewGuid()}";
        var job = (await server.RunAsync("submit", "translation", "--text", "fine", "--text", bad, "--wait")).Lines[0];
        server.Mend(bad);

        var failed = await server.RunAsync("rerun", job, "--failed", "--config", "target=de", "--wait");
        var all = await server.RunAsync("rerun", job, "--all", "--name", "Again", "--wait");
        var shown = await server.RunAsync("job", failed.Lines[0], "--json=source_job,config,tasks");
        var results = await server.RunAsync("results", all.Lines[0], "--select", "/translated_text");
        var none = await server.RunAsync("rerun", all.Lines[0], "--failed");

        Assert.Equal((0, 0, 1), (failed.ExitCode, all.ExitCode, none.ExitCode));
        Assert.Equal(job, shown.Json.GetProperty("source_job").GetString());
        Assert.Equal("de", shown.Json.GetProperty("config").GetProperty("target").GetString());
        Assert.Equal(1, shown.Json.GetProperty("tasks").GetProperty("total").GetInt32());
        Assert.Equal(2, results.Lines.Length);
        Assert.Contains("nothing to run again", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_deleted_with_what_belongs_to_it()
    {
        var job = (await server.RunAsync("submit", "translation", "--text", "a", "--wait")).Lines[0];

        var deleted = await server.RunAsync("delete", job);
        var again = await server.RunAsync("delete", job);

        Assert.Equal($"{job}: The job is deleted.", deleted.Lines[0]);
        Assert.Equal(2, again.ExitCode);
    }

    [Fact]
    public async Task Limits_of_a_service_are_changed_and_taken_back()
    {
        using var folder = new TempFolder();
        await using var own = await server.ServeAsync(folder.Path);
        // Three days from now, so that it is closed whenever the test runs.
        var hours = $"{TimeProvider.System.GetUtcNow().AddDays(3).DayOfWeek.ToString()[..3]} 00:00-00:01 Europe/Berlin";
        Task<CliRun> Limits(params string[] flags) => server.RunAsync("", [("STASHAI_URL", own.Url)], ["limits", "translation", .. flags]);

        var before = await Limits();
        var changed = await Limits("--max-parallel", "2", "--rate", "5", "--burst", "3", "--hours", hours);
        var closed = await server.RunAsync("", [("STASHAI_URL", own.Url)], "services");
        var json = await Limits("--json=set,allowed_hours");
        var reset = await Limits("--reset", "--max-parallel", "4");
        var wrong = await Limits("--hours", "22-7");

        Assert.Contains("hours         always", before.Output, StringComparison.Ordinal);
        Assert.Contains("at once       2, set here", changed.Output, StringComparison.Ordinal);
        Assert.Contains($"{hours} (closed, opens ", changed.Output, StringComparison.Ordinal);
        Assert.Contains(closed.Lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2] is ["translation", "closed"]);
        Assert.Equal(5, json.Json.GetProperty("set").GetProperty("rate").GetDouble());
        Assert.Contains("at once       4, set here", reset.Output, StringComparison.Ordinal);
        Assert.Contains("hours         always", reset.Output, StringComparison.Ordinal);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("allowed_hours", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reasons_are_shown_in_groups_and_one_group_is_retried()
    {
        var bad = $"bad {Guid.NewGuid()}";
        var job = (await server.RunAsync("submit", "translation", "--text", bad, "--text", "bad forever", "--wait")).Lines[0];

        var groups = await server.RunAsync("failures", job);
        var json = await server.RunAsync("failures", job, "--json");
        var fingerprint = json.Json.GetProperty("fingerprint").GetString()!;
        var tasks = await server.RunAsync("tasks", job, "--fingerprint", fingerprint, "--json=index");
        var found = await server.RunAsync("tasks", job, "--text", bad[..20], "--json=index");
        server.Mend(bad);
        var retried = await server.RunAsync("failures", job, "--retry", fingerprint);
        await server.RunAsync("watch", job);
        var skipped = await server.RunAsync("failures", job, "--skip", fingerprint);

        Assert.Contains("rejected", groups.Lines[1], StringComparison.Ordinal);
        Assert.Equal(2, json.Json.GetProperty("count").GetInt32());
        Assert.Equal(2, tasks.Lines.Length);
        Assert.Equal("""{"index":0}""", found.Output.Trim());
        Assert.Contains("2 tasks are queued again", retried.Output, StringComparison.Ordinal);
        Assert.Contains("1 task is skipped", skipped.Output, StringComparison.Ordinal);
        Assert.Contains("No item failed", (await server.RunAsync("failures", job)).Error, StringComparison.Ordinal);
    }
}

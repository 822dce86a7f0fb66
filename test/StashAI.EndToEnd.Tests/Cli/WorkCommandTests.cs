using System.Text.Json;
using StashAI.Server.Cli;
using StashAI.Server.Cli.Remote;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Cli;

[Collection(nameof(CliServer))]
public sealed class WorkCommandTests(CliServer server)
{
    /// <summary>PowerShell as a tool of this repository.</summary>
    private static readonly string[] PowerShell = ["dotnet", "tool", "run", "pwsh", "-NoProfile", "-NonInteractive"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    [Theory]
    [InlineData("jobs --json", "tags")]
    [InlineData("job JOB --json", "tasks")]
    [InlineData("tasks JOB --json", "index")]
    [InlineData("task JOB/0 --json", "attempts")]
    [InlineData("results JOB --json", "result")]
    [InlineData("results JOB", "result")]
    [InlineData("watch JOB --json", "state")]
    [InlineData("services --json", "operations")]
    [InlineData("retry JOB --json", "retried_tasks")]
    [InlineData("cancel JOB --json", "cancelled")]
    [InlineData("pause JOB --json", "paused")]
    [InlineData("resume JOB --json", "paused")]
    [InlineData("submit translation --text a --json", "job_id")]
    [InlineData("doctor --json", "level")]
    public async Task Json_output_is_a_document_a_line_and_nothing_else(string commandLine, string field)
    {
        var job = (await server.RunAsync("submit", "translation", "--text", "for json", "--wait")).Lines[0];

        var run = await server.RunAsync(commandLine.Replace("JOB", job, StringComparison.Ordinal).Split(' '));

        Assert.Equal(0, run.ExitCode);
        Assert.All(run.Lines, line => Assert.True(JsonSerializer.Deserialize<JsonElement>(line).TryGetProperty(field, out _), line));
    }

    [Fact]
    public async Task Results_are_a_list_a_table_or_files()
    {
        var job = (await server.RunAsync("submit", "translation", "--text", "one", "--text", "bad two", "--wait")).Lines[0];
        using var folder = new TempFolder();

        var list = await server.RunAsync("results", job, "-o", "json", "--select", "/translated_text");
        var failed = await server.RunAsync("results", job, "-o", "csv", "--failed");
        await server.RunAsync("results", job, "-o", folder.File("out"), "--select", "/translated_text");

        Assert.Equal("""["ONE",null]""", JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(list.Output)));
        Assert.StartsWith("1,,failed,", failed.Lines[1], StringComparison.Ordinal);
        Assert.Equal("ONE", await File.ReadAllTextAsync(Path.Combine(folder.File("out"), "000000.txt"), Cancellation));
    }

    [Fact]
    public async Task A_server_with_keys_lets_in_who_shows_one_and_login_keeps_it()
    {
        using var folder = new TempFolder();
        await using var own =
            await server.ServeAsync(folder.Path, ("API_KEYS", "read:reader-key-of-this-test,submit:submit-key-of-this-test"));
        (string, string)[] here = [("STASHAI_URL", own.Url), ("STASHAI_CONFIG_DIR", folder.File("config"))];

        var without = await server.RunAsync("", here, "jobs");
        var wrong = await server.RunAsync("", here, "jobs", "--key", "no-such-key-at-all-here");
        var reader = await server.RunAsync("", here, "submit", "translation", "--text", "a", "--key", "reader-key-of-this-test");
        var login = await server.RunAsync("submit-key-of-this-test\n", here, "login");
        var kept = await server.RunAsync("", here, "submit", "translation", "--text", "a");
        var elsewhere = await server.RunAsync("", [("STASHAI_CONFIG_DIR", folder.File("config")), ("STASHAI_URL", "")], "services");

        Assert.Equal((4, 4, 4), (without.ExitCode, wrong.ExitCode, reader.ExitCode));
        Assert.Contains("stashai login", without.Error, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (login.ExitCode, kept.ExitCode, elsewhere.ExitCode));
        // What a key may not do ends with 4, whatever the command.
        var ours = kept.Lines[0];
        foreach (var line in (string[])[
            $"delete {ours}", $"cancel {ours}", $"retry {ours}", $"pause {ours}", $"priority 3 {ours}", $"rerun {ours}",
            "cancel --all --yes", "limits translation --max-parallel 2", "audit"])
        {
            var refused = await server.RunAsync("", here, [.. line.Split(' '), "--key", "reader-key-of-this-test"]);
            Assert.True(refused.ExitCode == 4, $"{line}: {refused.ExitCode} {refused.Error}");
        }

        var profile = Path.Combine(folder.File("config"), "profile.json");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(profile));
        Assert.DoesNotContain("submit-key", login.Error + login.Output, StringComparison.Ordinal);
        await server.RunAsync("", here, "login", "--forget");
        Assert.Equal(4, (await server.RunAsync("", here, "jobs")).ExitCode);
    }

    [Fact]
    public async Task A_server_that_is_not_there_exits_with_6_and_doctor_says_what_to_do()
    {
        (string, string)[] nowhere = [("STASHAI_URL", "http://127.0.0.1:1")];

        var jobs = await server.RunAsync("", nowhere, "jobs");
        var doctor = await server.RunAsync("", nowhere, "doctor");
        var well = await server.RunAsync("doctor");

        Assert.Equal(6, jobs.ExitCode);
        Assert.Contains("Is it running?", jobs.Error, StringComparison.Ordinal);
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains("'stashai serve'", doctor.Output, StringComparison.Ordinal);
        Assert.Equal(0, well.ExitCode);
        Assert.Contains(well.Lines, line => line.StartsWith("ok       translation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Results_are_written_as_an_archive()
    {
        using var folder = new TempFolder();
        var job = (await server.RunAsync("submit", "translation", "--text", "fine", "--text", "bad one", "--wait")).Lines[0];

        var all = await server.RunAsync("results", job, "-o", folder.File("all.zip"));
        var failed = await server.RunAsync("results", job, "-o", folder.File("failed.ZIP"), "--failed", "-q");
        var selected = await server.RunAsync("results", job, "-o", "zip", "--select", "/translated_text");
        var followed = await server.RunAsync("results", job, "-o", folder.File("x.zip"), "--follow");
        var missing = await server.RunAsync("results", job, "-o", folder.File("no/such/folder.zip"));

        Assert.Equal((0, 0, 2, 2, 2), (all.ExitCode, failed.ExitCode, selected.ExitCode, followed.ExitCode, missing.ExitCode));
        Assert.Equal((2, 1), (Entries("all.zip"), Entries("failed.ZIP")));
        Assert.Equal(["all.zip", "failed.ZIP"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.Contains("all.zip", all.Error, StringComparison.Ordinal);

        int Entries(string name)
        {
            using var archive = System.IO.Compression.ZipFile.OpenRead(folder.File(name));
            return archive.Entries.Count;
        }
    }

    [Fact]
    public async Task A_folder_of_results_has_no_file_outside_whatever_the_items_are_called()
    {
        using var folder = new TempFolder();
        var items = folder.File("items.jsonl");
        string[] names = ["../../up", "/etc/passwd", "..", "a\\b", "sub/one", "other/one", "", ".hidden", new string('\u00e9', 150)];
        await File.WriteAllLinesAsync(
            items, names.Select(name => JsonSerializer.Serialize(new { image = "eA==", item_id = name })), Cancellation);
        var job = (await server.RunAsync("submit", "pictures", "--items", items, "--wait", "-q")).Lines[0];

        var run = await server.RunAsync("results", job, "-o", folder.File("deep/out"), "--select", "/bytes");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(names.Length, Directory.EnumerateFiles(folder.File("deep/out")).Count());
        Assert.Equal([folder.File("deep"), items], Directory.EnumerateFileSystemEntries(folder.Path).Order());
        Assert.Equal(folder.File("deep/out"), Assert.Single(Directory.EnumerateFileSystemEntries(folder.File("deep"))));
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

    [Fact]
    public async Task Results_come_as_they_finish()
    {
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var job = (await server.RunAsync("submit", "translation", "--text", held, "--text", "fast")).Lines[0];
        await using var following = server.Launch("results", job, "--follow", "--as-finished", "--select", "/translated_text");

        var first = await following.WaitForLineAsync(line => line.Contains("FAST", StringComparison.Ordinal), Cancellation);
        gate.Open();

        Assert.Contains("FAST", first, StringComparison.Ordinal);
        Assert.Equal(0, await following.WaitForExitAsync(Cancellation));
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("job 0199f0a2-7d1c-7c4e-9b1d-2a6f41000000")]
    [InlineData("tasks 0199f0a2-7d1c-7c4e-9b1d-2a6f41000000")]
    [InlineData("failures 0199f0a2-7d1c-7c4e-9b1d-2a6f41000000")]
    [InlineData("results 0199f0a2-7d1c-7c4e-9b1d-2a6f41000000")]
    public async Task A_scripted_old_server_is_named_in_one_sentence(string commandLine)
    {
        await using var old = await ScriptedService.StartAsync(Cancellation);
        old.Script = call => call.Path == "/"
            ? Reply.Json("""{"version":"0.1.0","routes":["GET /","GET /api/queue/jobs","DELETE /api/jobs/{id}"]}""")
            : Reply.Status(404);

        var run = await server.RunAsync("", [("STASHAI_URL", old.Url)], commandLine.Split(' '));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("version 0.1.0, which is older than this program: it has no GET /api/jobs", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("Update the server.", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("job")]
    [InlineData("task")]
    [InlineData("service")]
    [InlineData("lane")]
    [InlineData("key")]
    public async Task Each_idea_is_explained(string topic) =>
        Assert.StartsWith($"A {topic} ", (await server.RunAsync("help", topic)).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("bash", "stashai keys cr", "create")]
    [InlineData("bash", "stashai ser", "serve service services")]
    [InlineData("bash", "stashai results --sel", "--select")]
    [InlineData("fish", "stashai keys cr", "create")]
    [InlineData("fish", "stashai results --sel", "--select")]
    [InlineData("zsh", "stashai keys cr", "create")]
    [InlineData("zsh", "stashai results --sel", "--select")]
    [InlineData("pwsh", "stashai keys cr", "create")]
    [InlineData("pwsh", "stashai ser", "serve service services")]
    [InlineData("pwsh", "stashai results --sel", "--select")]
    public async Task Completions_work_in_a_shell(string shell, string typed, string expected)
    {
        Assert.SkipUnless(
            await IsInstalledAsync(shell), $"{shell} is not installed; './test.sh --prepare' installs it where it can be had.");
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("completion"), (await server.RunAsync("completion", shell)).Output, Cancellation);
        var words = typed.Split(' ');
        var file = folder.File("completion");
        var script = shell switch
        {
            "bash" => $"source '{file}'; COMP_WORDS=({typed}); COMP_CWORD={words.Length - 1}; _stashai; echo \"${{COMPREPLY[*]}}\"",
            "fish" => $"source '{file}'; complete -C '{typed}'",
            "pwsh" => $"Get-Content -Raw '{file}' | Invoke-Expression; "
                + $"(TabExpansion2 -inputScript '{typed}' -cursorColumn {typed.Length}).CompletionMatches.CompletionText",
            // What the line editor would keep: the candidates that begin as the word does.
            _ => "compdef() { }; _files() { }; compadd() { shift; print -l -- ${(M)@:#$PREFIX*} }; "
                + $"words=({typed}); CURRENT={words.Length}; PREFIX='{words[^1]}'; source '{file}'; _stashai",
        };

        var output = shell == "pwsh"
            ? await ProgramRun.OutputAsync([.. PowerShell, "-Command", script], SourceTree.Folder, Cancellation)
            : await ProgramRun.OutputAsync([shell, "-c", script], folder.Path, Cancellation);

        Assert.Equal(expected, string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static async Task<bool> IsInstalledAsync(string shell)
    {
        if (shell != "pwsh")
            return Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, shell)));
        try
        {
            return (await ProgramRun.OutputAsync([.. PowerShell, "-Command", "1 + 1"], SourceTree.Folder, Cancellation)).Trim() == "2";
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false; // The tool was not restored.
        }
    }
}

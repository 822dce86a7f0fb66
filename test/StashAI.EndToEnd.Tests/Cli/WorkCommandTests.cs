using System.Text.Json;
using StashAI.Server.Cli;
using StashAI.Server.Cli.Remote;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Cli;

[Collection(nameof(CliServer))]
public sealed class WorkCommandTests(CliServer server)
{
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
        Assert.Contains("not paused", (await server.RunAsync("resume", job)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await server.RunAsync("cancel", job)).ExitCode);
        Assert.Equal("cancelled", (await server.RunAsync("job", job, "--json=state")).Json.GetProperty("state").GetString());
        Assert.Equal(5, (await server.RunAsync("watch", job)).ExitCode);
    }

    [Theory]
    [InlineData("jobs --json", "job_id")]
    [InlineData("job JOB --json", "job_id")]
    [InlineData("tasks JOB --json", "task_id")]
    [InlineData("task JOB/0 --json", "attempts")]
    [InlineData("results JOB --json", "output_json")]
    [InlineData("results JOB", "output_json")]
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
    public async Task Every_command_for_work_has_two_examples_that_can_be_parsed()
    {
        var tree = new CommandTree(new CommandHandlers(TextWriter.Null), _ => null, []);

        Assert.All(tree.Examples, pair => Assert.Equal(2, pair.Value.Count));
        Assert.All(tree.Examples.SelectMany(pair => pair.Value), line =>
            Assert.Empty(tree.Root.Parse(RemoteFlags.Prepare(line.Split(" < ")[0].Split(' ')[1..])).Errors));
        Assert.Contains("  stashai jobs --state running,pending\n", (await server.RunAsync("jobs", "--help")).Output,
            StringComparison.Ordinal);
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
    public async Task Completions_work_in_a_shell(string shell, string typed, string expected)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, shell))), $"{shell} is not installed.");
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("completion"), (await server.RunAsync("completion", shell)).Output, Cancellation);
        var words = typed.Split(' ');
        var file = folder.File("completion");
        var script = shell switch
        {
            "bash" => $"source '{file}'; COMP_WORDS=({typed}); COMP_CWORD={words.Length - 1}; _stashai; echo \"${{COMPREPLY[*]}}\"",
            "fish" => $"source '{file}'; complete -C '{typed}'",
            // What the line editor would keep: the candidates that begin as the word does.
            _ => "compdef() { }; _files() { }; compadd() { shift; print -l -- ${(M)@:#$PREFIX*} }; "
                + $"words=({typed}); CURRENT={words.Length}; PREFIX='{words[^1]}'; source '{file}'; _stashai",
        };

        var output = await ProgramRun.OutputAsync([shell, "-c", script], folder.Path, Cancellation);

        Assert.Equal(expected, string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }
}

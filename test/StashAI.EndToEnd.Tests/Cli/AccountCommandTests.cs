using System.Security.Cryptography;
using System.Text;
using StashAI.Queue.Model.Access;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>Who one is at a server, its processes and its pages, and servers that refuse.</summary>
[Collection(nameof(CliServer))]
public sealed class AccountCommandTests(CliServer server)
{
    private const string ReadKey = "reader-key-of-this-test";
    private const string AdminKey = "admin-key-of-this-test";

    /// <summary>Lines that need no more than a key.</summary>
    private static readonly string[] ReadLines = ["me", "nodes", "jobs", "services", "login", "open"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Login_and_me_say_name_and_role_and_refusals_have_their_exit_codes()
    {
        using var folder = new TempFolder();
        await using var own = await server.ServeAsync(folder.Path, ("API_KEYS", $"read:{ReadKey},admin:{AdminKey}"));
        (string, string)[] here = [("STASHAI_URL", own.Url), ("STASHAI_CONFIG_DIR", folder.File("config"))];
        Task<CliRun> Run(string line) => server.RunAsync("", here, line.Split(' '));

        var login = await server.RunAsync(ReadKey + "\n", here, "login");
        var me = await Run("me");
        var json = await Run("me --json=name,role,access,expires_at");
        var nodes = await Run("nodes --json");
        var doctor = await Run("doctor");
        var refused = await Run("audit");

        Assert.Contains("role read", login.Error, StringComparison.Ordinal);
        Assert.Contains("role          read", me.Output, StringComparison.Ordinal);
        Assert.Equal("read", json.Json.GetProperty("role").GetString());
        Assert.StartsWith("API_KEYS-", json.Json.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal("serve", nodes.Json.GetProperty("role").GetString());
        Assert.Equal(Environment.MachineName, nodes.Json.GetProperty("host").GetString());
        Assert.Contains(doctor.Lines, line => line.StartsWith("ok       key", StringComparison.Ordinal) && line.Contains("role read"));
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("this one has read", refused.Error, StringComparison.Ordinal);
        await Run("login --forget");
        foreach (var line in ReadLines)
        {
            var without = await Run(line);
            Assert.True(without.ExitCode == 4, $"{line}: {without.ExitCode} {without.Error}");
            Assert.Contains("key", without.Error, StringComparison.Ordinal);
            var wrong = await Run($"{line} --key {ReadKey}x");
            Assert.True(wrong.ExitCode == 4 && wrong.Error.Contains("wrong, was revoked", StringComparison.Ordinal), wrong.Error);
            var absent = await Run($"{line} --server http://127.0.0.1:1 --key {ReadKey}");
            Assert.True(absent.ExitCode == 6, $"{line}: {absent.ExitCode} {absent.Error}");
        }
    }

    [Fact]
    public async Task An_expired_key_is_refused_with_its_expiry_and_no_key_is_made_that_cannot_be_used()
    {
        using var folder = new TempFolder();
        var key = $"stashai_1a2b3c4d_{Guid.NewGuid():N}";
        Directory.CreateDirectory(folder.File("data"));
        await using (var store = await SqliteStore.OpenAsync(
            new SqliteSettings { Path = Path.Combine(folder.File("data"), "queue.db") }, Cancellation))
        {
            await store.ApiKeys.AddApiKeyAsync(
                key[..16], SHA256.HashData(Encoding.UTF8.GetBytes(key)), "old", ApiScope.Admin,
                new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero), Cancellation);
        }

        await using var own = await server.ServeAsync(folder.Path);
        (string, string)[] here = [("STASHAI_URL", own.Url), ("STASHAI_CONFIG_DIR", folder.File("config"))];

        foreach (var line in ReadLines)
        {
            var run = await server.RunAsync("", here, line, "--key", key);
            Assert.True(run.ExitCode == 4, $"{line}: {run.ExitCode} {run.Error}");
            Assert.Contains("expired at 2001-02-03T04:05:06.000Z", run.Error, StringComparison.Ordinal);
        }

        var doctor = await server.RunAsync("", here, "doctor", "--key", key);
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains(doctor.Lines, line => line.StartsWith("error    key", StringComparison.Ordinal) && line.Contains("expired at"));
        var past = await server.RunAsync(
            "", here, "keys", "create", "--name", "a", "--expires", "2001-01-01", "--data", folder.File("data"));
        Assert.Equal((2, true), (past.ExitCode, past.Error.Contains("--expires must be in the future", StringComparison.Ordinal)));
        var reserved = await server.RunAsync("", here, "keys", "create", "--name", "local", "--data", folder.File("data"));
        Assert.Equal((2, true), (reserved.ExitCode, reserved.Error.Contains("'local' is not valid", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_is_too_old_says_so_and_login_and_web_pages_work_there()
    {
        await using var old = await ScriptedService.StartAsync(Cancellation);
        old.Script = call => call.Path switch
        {
            "/" => Reply.Json("""{"version":"0.9.0","routes":["GET /api/services","GET /health"]}"""),
            "/api/services" => Reply.Json("""{"services":[]}"""),
            _ => Reply.Status(404),
        };
        old.Health = Reply.Json("""{"status":"healthy","version":"0.9.0","database":"connected","checks":[]}""");
        using var folder = new TempFolder();
        (string, string)[] here = [("STASHAI_URL", old.Url), ("STASHAI_CONFIG_DIR", folder.File("config"))];

        foreach (var line in (string[])["me", "nodes"])
        {
            var run = await server.RunAsync("", here, line);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("version 0.9.0, which is older than this program", run.Error, StringComparison.Ordinal);
        }

        var login = await server.RunAsync("\n", here, "login");
        var open = await server.RunAsync("", here, "open");
        var doctor = await server.RunAsync("", here, "doctor");
        Assert.Equal((0, 0, 0), (login.ExitCode, open.ExitCode, doctor.ExitCode));
        Assert.Contains("version 0.9.0", login.Error, StringComparison.Ordinal);
        Assert.Equal($"{old.Url}/demo", open.Lines[0]);
        Assert.Contains(doctor.Lines, line => line.StartsWith("warning  version", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("open", "dashboard", "demo")]
    [InlineData("open JOB", "dashboard/jobs/JOB", "api/jobs/JOB")]
    [InlineData("job JOB --web", "dashboard/jobs/JOB", "api/jobs/JOB")]
    [InlineData("jobs --web", "dashboard/jobs", "api/jobs")]
    [InlineData(
        "jobs --state partial,running --name x&y --web", "dashboard/jobs?state=partial%2Crunning&name=x%26y",
        "api/jobs?state=partial%2Crunning&name=x%26y")]
    [InlineData("tasks --web", "dashboard/tasks", "api/tasks")]
    [InlineData("tasks JOB --web", "dashboard/jobs/JOB?tab=tasks", "api/jobs/JOB/tasks")]
    [InlineData(
        "tasks JOB --state waiting --web", "dashboard/jobs/JOB?tab=tasks&state=available", "api/jobs/JOB/tasks?state=available")]
    [InlineData("task TASK --web", "dashboard/tasks/TASK", "api/tasks/TASK")]
    public async Task A_page_is_printed_without_a_browser_and_opened_with_one(string line, string page, string answer)
    {
        var me = await server.RunAsync("me", "--json");
        var hasDashboard = me.Json.GetProperty("features").EnumerateArray().Any(word => word.GetString() == "dashboard");
        var path = hasDashboard ? page : answer;
        var job = (await server.RunAsync("submit", "translation", "--text", "page", "--wait")).Lines[0];
        var task = (await server.RunAsync("tasks", job, "--json=id")).Json.GetProperty("id").GetString()!;
        string Fill(string text) => text.Replace("JOB", job, StringComparison.Ordinal).Replace("TASK", task, StringComparison.Ordinal);
        var arguments = Fill(line).Split(' ');
        var address = $"{server.Url}/{Fill(path)}";

        var printed = await server.RunAsync(arguments);
        var json = await server.RunAsync([.. arguments, "--json"]);

        Assert.Equal((0, address), (printed.ExitCode, printed.Lines[0]));
        Assert.Equal(address, json.Json.GetProperty("url").GetString());
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TempFolder();
        var (browser, seen) = (folder.File("browser"), folder.File("seen"));
        await File.WriteAllTextAsync(browser, $"#!/bin/sh\nprintf %s \"$1\" > '{seen}.part' && mv '{seen}.part' '{seen}'\n", Cancellation);
        File.SetUnixFileMode(browser, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var watcher = new FileSystemWatcher(folder.Path);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Renamed += (_, change) => { if (change.Name == "seen") opened.TrySetResult(); };
        watcher.EnableRaisingEvents = true;
        var run = await server.RunAsync("", [("BROWSER", browser)], isInteractive: true, arguments);
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Equal((0, "", address), (run.ExitCode, run.Output, await File.ReadAllTextAsync(seen, Cancellation)));
        var broken = await server.RunAsync("", [("BROWSER", folder.File("none"))], isInteractive: true, arguments);
        Assert.Equal((0, address), (broken.ExitCode, broken.Lines[0]));
    }

    [Fact]
    public async Task Doctor_finds_nothing_open_to_others_among_the_files_of_a_new_server()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TempFolder();
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var data = Directory.CreateDirectory(folder.File("data"), Own).FullName;
        await using var own = await server.ServeAsync(data);
        (string, string)[] here = [("STASHAI_URL", own.Url), ("STASHAI_CONFIG_DIR", folder.File("config")), ("DATA_DIR", data)];
        await server.RunAsync("", here, "submit", "translation", "--text", new string('a', 100_000), "--wait");

        var doctor = await server.RunAsync("", here, "doctor");

        Assert.Contains(doctor.Lines, line => line.StartsWith("ok       permissions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Doctor_looks_at_the_data_folder_of_this_machine()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("queue.db"), "", Cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.File("queue.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var run = await server.RunAsync("", [("DATA_DIR", folder.Path)], "doctor");

        Assert.Equal(0, run.ExitCode);
        foreach (var check in (string[])["settings", "disk", "flush", "models", "server", "database", "key", "clock", "translation"])
            Assert.Contains(run.Lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == check);
        Assert.Contains(
            run.Lines, line => line.StartsWith("warning  models", StringComparison.Ordinal) && line.Contains("stashai models fetch"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Contains(
                run.Lines, line => line.StartsWith("warning  permissions", StringComparison.Ordinal) && line.Contains("chmod 600"));
        }

        Assert.Equal(["queue.db"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }
}

using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>Servers that ask for a key, are not there or are too old.</summary>
[Collection(nameof(CliServer))]
public sealed class ServerDoorTests(CliServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
}

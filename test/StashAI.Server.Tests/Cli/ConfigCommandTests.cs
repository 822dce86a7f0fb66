using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Cli;

/// <summary>`stashai config` as it is typed.</summary>
public sealed class ConfigCommandTests
{
    [Fact]
    public async Task Check_names_every_problem_at_once()
    {
        var run = await CommandRun.OfAsync(
            "config check --workers many", ("RETENTION_FAILED_DAYS", "soon"), ("API_KEYS", "hunter2"), ("VISAGE_RATE_BURST", "5"),
            ("TRUST_LAN", "perhaps"), ("VISAGE_MAX_PIXELS", "0"), ("DATABASE_URL", "mysql://me:s3cret@h/d"));

        var lines = run.Error.TrimEnd().Split('\n');
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            ["--workers", "API_KEYS", "DATABASE_URL", "RETENTION_FAILED_DAYS", "TRUST_LAN", "VISAGE_MAX_PIXELS", "VISAGE_RATE_BURST"],
            lines.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("hunter2", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("WORKER", "did you mean WORKERS?")]
    [InlineData("RETENTION_FAILED_DAY", "did you mean RETENTION_FAILED_DAYS?")]
    [InlineData("max_items", "did you mean MAX_ITEMS?")]
    [InlineData("ALLOWED_ORIGINS", "is not a setting")]
    [InlineData("VISAGE_DATA_DIR", "is not a setting")]
    public async Task Check_warns_about_variables_that_look_like_settings(string name, string part)
    {
        var run = await CommandRun.OfAsync("config check", (name, "1"));

        Assert.Equal((0, "All settings are valid.\n"), (run.ExitCode, run.Output));
        Assert.StartsWith($"warning: {name} ", run.Error, StringComparison.Ordinal);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HOME")]
    [InlineData("PATH")]
    [InlineData("OTEL_SERVICE_NAME")]
    [InlineData("CHAT_API_KEY")]
    [InlineData("OCR_API_URL")]
    [InlineData("VISAGE_SERVICE_HOST")]
    [InlineData("VISAGE_PORT_9997_TCP_ADDR")]
    public async Task Check_says_nothing_about_variables_of_others(string name)
    {
        var run = await CommandRun.OfAsync("config check", (name, "1"));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Print_shows_what_counts_and_where_it_comes_from()
    {
        using var folder = new TempFolder();
        var file = folder.File("secret");
        await File.WriteAllTextAsync(file, "postgres://me:s3cret@db/queue\n", TestContext.Current.CancellationToken);

        var run = await CommandRun.OfAsync(
            "config print --workers 7", ("WORKERS", "3"), ("API_KEYS", "admin:the-key-of-an-operator"), ("DATABASE_URL_FILE", file),
            ("VISAGE_URL", "http://v:1"));

        var rows = run.Output.TrimEnd().Split('\n')
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToDictionary(row => row[0]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["WORKERS", "7", "(from --workers)"], rows["WORKERS"]);
        Assert.Equal(["API_KEYS", "***", "(from API_KEYS)"], rows["API_KEYS"]);
        Assert.Equal(["DATABASE_URL", "db:5432/queue", "(from DATABASE_URL_FILE)"], rows["DATABASE_URL"]);
        Assert.Equal(["VISAGE_API_URL", "http://v:1", "(from VISAGE_URL)"], rows["VISAGE_API_URL"]);
        Assert.Equal(["MAX_ITEMS", "100000", "(default)"], rows["MAX_ITEMS"]);
        Assert.DoesNotContain("s3cret", run.Output, StringComparison.Ordinal);
    }
}

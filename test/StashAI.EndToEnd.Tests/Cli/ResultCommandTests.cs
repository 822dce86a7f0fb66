using System.Text.Json;
using StashAI.Testing.Files;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>How results come out: as lines, tables, files and archives, at the end and as they finish.</summary>
[Collection(nameof(CliServer))]
public sealed class ResultCommandTests(CliServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
}

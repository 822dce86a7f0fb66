using System.Text;
using System.Text.Json;
using StashAI.Testing.Connections;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>`stashai batch run`: a file of requests becomes a file of results, whatever happens between.</summary>
[Collection(nameof(CliServer))]
public sealed class BatchRunTests(CliServer server) : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Output => folder.File("out.jsonl");

    private string Errors => folder.File("out.errors.jsonl");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Each_request_has_one_result_or_one_error()
    {
        var input = await WriteAsync(Enumerable.Range(0, 300).Select(i => i % 100 == 7 ? $"bad {i}" : $"text {i}"));

        var run = await RunAsync(input);

        Assert.Equal(5, run.ExitCode);
        Assert.EndsWith($"297 requests completed. {Errors} says what became of the others.\n", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("batch_", run.Lines[0], StringComparison.Ordinal);
        Assert.Equal(["c107", "c207", "c7"], Ids(Errors));
        Assert.Equal(Enumerable.Range(0, 300).Where(i => i % 100 != 7).Select(i => $"c{i}").Order(), Ids(Output));
        Assert.False(File.Exists($"{Output}.run"));
        var again = await RunAsync(input);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains($"{Output} is there already", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_with_the_same_batch_and_no_result_comes_twice()
    {
        Assert.SkipWhen(Interrupts.AreIgnored, Interrupts.WhySkipped);
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var input = await WriteAsync([.. Enumerable.Range(0, 50).Select(i => $"text {i}"), held]);
        await using var first = server.Launch("batch", "run", input, "-o", Output);
        var batch = await first.WaitForLineAsync(line => line.StartsWith("batch_", StringComparison.Ordinal), Cancellation);
        await ResultsAsync(50);
        await first.SignalAsync(UnixSignal.Interrupt, Cancellation);

        Assert.Equal(130, await first.WaitForExitAsync(Cancellation));
        Assert.Contains(first.StandardError, line => line.Contains("The same command again follows it", StringComparison.Ordinal));
        // A process that is killed may leave half a line.
        await File.AppendAllTextAsync(Output, """{"id":"batch_req_1","custom_id":"c5""", Cancellation);
        gate.Open();
        var second = await RunAsync(input);

        Assert.True(second.ExitCode == 0, second.Error);
        Assert.Equal(batch, second.Lines[0]);
        Assert.Equal(Enumerable.Range(0, 51).Select(i => $"c{i}").Order(), Ids(Output));
    }

    [Fact]
    public async Task A_kill_of_the_server_costs_nothing()
    {
        using var data = new TempFolder();
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var input = await WriteAsync([.. Enumerable.Range(0, 50).Select(i => $"text {i}"), held]);
        var process = await server.ServeAsync(data.Path);
        try
        {
            await using var relay = new ScriptedRelay(process.Url);
            var run = server.RunAsync("batch", "run", input, "-o", Output, "--server", relay.Address.ToString());
            await ResultsAsync(50);
            await process.KillAsync();
            await process.DisposeAsync();
            process = await server.ServeAsync(data.Path);
            relay.Target = process.Url;
            gate.Open();

            var ended = await run;
            Assert.True(ended.ExitCode == 0, ended.Error);
            Assert.Equal(Enumerable.Range(0, 51).Select(i => $"c{i}").Order(), Ids(Output));
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_large_file_goes_on_where_its_connection_broke()
    {
        const int Parts = 16 * 1024 * 1024;
        var input = await WriteAsync(Enumerable.Range(0, 400).Select(i => new string((char)('a' + (i % 26)), 100_000)));
        var length = new FileInfo(input).Length;
        await using var relay = new ScriptedRelay(server.Url);
        relay.CutAt(Parts + (Parts / 2));

        var run = await server.RunAsync("batch", "run", input, "-o", Output, "--server", relay.Address.ToString());

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(400, Ids(Output).Length);
        Assert.InRange(relay.Sent, length, length + Parts + 1_000_000);
    }

    [Theory]
    [InlineData("", "is empty.")]
    [InlineData("hello", "The first line of")]
    [InlineData("[1]", "The first line of")]
    [InlineData("\x1f\x8b\x08", "is compressed with gzip: unpack it first.")]
    [InlineData("\xff\xfe{", "is in UTF-16: save it as UTF-8.")]
    public async Task A_file_that_is_no_batch_is_refused_before_anything_is_sent(string text, string expected)
    {
        var input = folder.File("in.jsonl");
        await File.WriteAllBytesAsync(input, Encoding.Latin1.GetBytes(text), Cancellation);

        var run = await RunAsync(input);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal([input], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Lines_that_are_not_right_are_named_and_the_mended_file_runs_with_the_same_command()
    {
        var input = await WriteAsync(["a", "b"]);
        await File.AppendAllTextAsync(input, "{\"custom_id\":\"c0\"\n{}\n", Cancellation);

        var run = await RunAsync(input);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Line 3: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("Line 4: ", run.Error, StringComparison.Ordinal);
        await WriteAsync(["a", "b"]);
        var mended = await RunAsync(input);
        Assert.True(mended.ExitCode == 0, mended.Error);
        Assert.Equal(["c0", "c1"], Ids(Output));
    }

    [Fact]
    public async Task A_run_that_takes_too_long_exits_with_3_and_another_file_does_not_go_on_with_it()
    {
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var input = await WriteAsync([held]);

        var run = await server.RunAsync("batch", "run", input, "-o", Output, "--timeout", "2s");

        Assert.Equal(3, run.ExitCode);
        var options = await server.RunAsync("batch", "run", input, "-o", Output, "--priority", "9");
        Assert.Equal(2, options.ExitCode);
        Assert.Contains("is of another run, with other options", options.Error, StringComparison.Ordinal);
        await WriteAsync(["other"]);
        var other = await RunAsync(input);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("is of another run, of another file of requests", other.Error, StringComparison.Ordinal);
        gate.Open();
    }

    [Theory]
    [InlineData("same.jsonl", "./same.jsonl")]
    [InlineData("in.jsonl", null)]
    [InlineData("same.jsonl", "same.jsonl.run")]
    [InlineData("", null)]
    public async Task Files_that_would_be_written_over_each_other_are_refused_before_anything_is_sent(string output, string? errors)
    {
        var input = await WriteAsync(["a"]);
        string[] names = errors is null ? [] : ["--errors", Path.Combine(folder.Path, errors)];

        var run = await server.RunAsync(
            ["batch", "run", input, "-o", output.Length == 0 ? "" : Path.Combine(folder.Path, output), .. names]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal([input], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task What_was_never_begun_does_not_bind_the_next_command_and_files_of_others_stay()
    {
        var input = await WriteAsync(["a"]);
        var away = await server.RunAsync("batch", "run", input, "-o", Output, "--server", "http://127.0.0.1:1");
        var refused = await server.RunAsync("batch", "run", input, "-o", Output, "--window", "5m");
        await File.WriteAllTextAsync(Output, "precious", Cancellation);
        var there = await RunAsync(input);

        Assert.Equal((6, 2, 2), (away.ExitCode, refused.ExitCode, there.ExitCode));
        Assert.Equal("precious", await File.ReadAllTextAsync(Output, Cancellation));
        File.Delete(Output);
        var run = await RunAsync(input);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(["c0"], Ids(Output));
    }

    /// <summary>As a proxy of HTTP/1.0 does, for which the end of a connection is the end of an answer.</summary>
    [Fact]
    public async Task Results_that_end_early_as_if_whole_are_read_again()
    {
        const string Batch =
            """{"id":"batch_1","status":"completed","request_counts":{"total":3,"completed":3,"failed":0}}""";
        string[] lines = [.. Enumerable.Range(0, 3).Select(i => $$"""{"custom_id":"c{{i}}"}""" + "\n")];
        var reads = 0;
        await using var scripted = await ScriptedService.StartAsync(Cancellation);
        scripted.Script = call => call.Path switch
        {
            "/v1/files" => Reply.Json("""{"id":"file-1"}"""),
            "/v1/batches" or "/v1/batches/batch_1" => Reply.Json(Batch),
            "/v1/batches/batch_1/output?follow=1" => Reply.Status(
                200, string.Concat(lines.Take(Interlocked.Increment(ref reads))), contentType: "application/x-ndjson"),
            _ => Reply.Status(200, "", contentType: "application/x-ndjson"),
        };
        var input = await WriteAsync(["a", "b", "c"]);

        var run = await server.RunAsync("batch", "run", input, "-o", Output, "--server", scripted.Url);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(["c0", "c1", "c2"], Ids(Output));
    }

    [Fact]
    public async Task A_second_run_into_the_same_file_is_told_that_it_is_in_use_and_disturbs_nothing()
    {
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        var input = await WriteAsync(["a", held]);
        var first = RunAsync(input);
        await ResultsAsync(1);

        var second = await RunAsync(input);
        gate.Open();

        Assert.Equal(2, second.ExitCode);
        Assert.Contains($"Another run writes {Output}", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await first).ExitCode);
        Assert.Equal(["c0", "c1"], Ids(Output));
    }

    /// <summary>Returns when so many results are in the output.</summary>
    private async Task ResultsAsync(int count)
    {
        using var changed = new SemaphoreSlim(0);
        using var watcher = new FileSystemWatcher(folder.Path);
        watcher.Created += (_, _) => changed.Release();
        watcher.Changed += (_, _) => changed.Release();
        watcher.EnableRaisingEvents = true;
        while (!File.Exists(Output) || Ids(Output).Length < count) await changed.WaitAsync(Cancellation);
    }

    private Task<CliRun> RunAsync(string input) => server.RunAsync("batch", "run", input, "-o", Output);

    private async Task<string> WriteAsync(IEnumerable<string> texts)
    {
        var lines = texts.Select((text, i) => JsonSerializer.Serialize(
            new { custom_id = $"c{i}", method = "POST", url = "/services/translation/translate", body = text }));
        await File.WriteAllLinesAsync(folder.File("in.jsonl"), lines, Cancellation);
        return folder.File("in.jsonl");
    }

    private static string[] Ids(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        return
        [
            .. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("custom_id").GetString()!).Order(),
        ];
    }
}

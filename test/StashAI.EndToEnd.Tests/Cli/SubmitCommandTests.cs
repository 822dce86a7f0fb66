using System.Text.Json;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Cli;

[Collection(nameof(CliServer))]
public sealed class SubmitCommandTests(CliServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_are_submitted_waited_for_and_read()
    {
        var submitted =
            await server.RunAsync(
                "submit", "translation", "--text", "good morning", "--text", "good night", "--name", "Greetings", "--wait");
        var job = submitted.Lines[0];
        var results = await server.RunAsync("results", job, "--select", "/translated_text");

        Assert.Equal((0, 0), (submitted.ExitCode, results.ExitCode));
        Assert.True(Guid.TryParse(submitted.Output.Trim(), out _), submitted.Output);
        Assert.Contains("completed: 2 done", submitted.Error, StringComparison.Ordinal);
        Assert.Equal(["\"GOOD MORNING\"", "\"GOOD NIGHT\""], results.Lines);
    }

    [Fact]
    public async Task Followed_results_are_the_output_and_a_failure_is_the_exit_code()
    {
        var run =
            await server.RunAsync(
                "submit", "translation.translate", "--text", "fine", "--text", "bad text", "--follow", "--config", "target=de");

        Assert.Equal(5, run.ExitCode);
        Assert.Equal(["completed", "failed"],
            run.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("state").GetString()));
        Assert.Contains("1 item without a result", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_files_are_named_and_left_out_and_the_others_go_on()
    {
        using var folder = new TempFolder();
        foreach (var name in (string[])["a.bin", "b.bin", "c.bin"])
            await File.WriteAllTextAsync(folder.File(name), name == "b.bin" ? "" : name, Cancellation);

        var run = await server.RunAsync("submit", "pictures", folder.Path, "--wait", "-q");
        var dry = await server.RunAsync("submit", "pictures", folder.Path, "--dry-run");
        var whole = await server.RunAsync("submit", "translation", folder.File("a.bin"), folder.File("b.bin"), "--whole", "--wait");
        var none = await server.RunAsync("submit", "pictures", folder.File("b.bin"));

        Assert.Equal((0, 0, 0, 2), (run.ExitCode, dry.ExitCode, whole.ExitCode, none.ExitCode));
        var word = $"'{folder.File("b.bin")}' is empty and left out.";
        Assert.All([run, dry, whole], one => Assert.Contains(word, one.Error, StringComparison.Ordinal));
        Assert.Equal(2, (await server.RunAsync("tasks", run.Lines[0], "--json=index")).Lines.Length);
        Assert.Contains("2 items, no errors", dry.Error, StringComparison.Ordinal);
        Assert.Contains("is empty: there is nothing to submit.", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_text_become_an_item_a_line_where_items_are_texts_and_one_as_a_whole_if_that_is_asked_for()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("a.txt"), "red\r\n\n green \n", Cancellation);
        await File.WriteAllTextAsync(folder.File("b.txt"), "blue", new System.Text.UTF8Encoding(true), Cancellation);

        var lines = await RunAsync(folder.File("a.txt"), folder.File("b.txt"));
        var asked = await RunAsync(folder.Path, "--lines");
        var whole = await RunAsync(folder.File("a.txt"), "--whole");
        var piped = await server.RunAsync("one\ntwo\n", [], "submit", "translation", "-", "--whole", "--follow", "-q");
        var photos = await server.RunAsync("submit", "pictures", folder.Path, "--wait", "-q");

        Assert.Equal(["\"RED\"", "\" GREEN \"", "\"BLUE\""], lines.Lines);
        Assert.Equal(lines.Lines, asked.Lines);
        Assert.Equal(["\"RED\\r\\n\\n GREEN \\n\""], whole.Lines);
        Assert.Single(piped.Lines);
        Assert.Equal(2, (await server.RunAsync("tasks", photos.Lines[0], "--json=index")).Lines.Length);

        Task<CliRun> RunAsync(params string[] arguments) =>
            server.RunAsync(["submit", "translation", .. arguments, "--follow", "--select", "/translated_text", "-q"]);
    }

    [Theory]
    [InlineData("a.txt --lines --whole", "not both")]
    [InlineData("a.txt --lines --by-path", "--lines needs files")]
    [InlineData("--text a --whole", "--whole needs files")]
    [InlineData("bytes.txt", "bytes.txt: not text in UTF-8")]
    public async Task Texts_that_cannot_be_read_are_named(string arguments, string message)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("a.txt"), "red", Cancellation);
        await File.WriteAllBytesAsync(folder.File("bytes.txt"), [(byte)'a', (byte)'\n', 0xff, 0xfe, 0x00], Cancellation);
        string[] words =
            [.. arguments.Split(' ').Select(word => word.EndsWith(".txt", StringComparison.Ordinal) ? folder.File(word) : word)];

        var run = await server.RunAsync(["submit", "translation", .. words]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_standard_input_tables_and_documents_become_items()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("a.csv"), "id,words\n1,\"one, two\"\n2,\"say \"\"hi\"\"\"\n", Cancellation);
        await File.WriteAllTextAsync(folder.File("a.jsonl"), "\"first\"\n\n\"second\"\n", Cancellation);

        var piped =
            await server.RunAsync("red\n\ngreen\n", [], "submit", "translation", "-", "--follow", "--select", "/translated_text", "-q");
        var table =
            await server.RunAsync("submit", "translation", "--items",
                folder.File("a.csv"), "--column", "words", "--follow", "--select", "/translated_text");
        var lines =
            await server.RunAsync("submit", "translation", "--items", folder.File("a.jsonl"), "--follow", "--select", "/translated_text");

        Assert.Equal(["\"RED\"", "\"GREEN\""], piped.Lines);
        Assert.Empty(piped.Error);
        Assert.Equal(["\"ONE, TWO\"", "\"SAY \\\"HI\\\"\""], table.Lines);
        Assert.Equal(["\"FIRST\"", "\"SECOND\""], lines.Lines);
    }

    [Fact]
    public async Task Folders_and_patterns_become_items_and_results_become_files_called_like_them()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("photos/trip"));
        await File.WriteAllBytesAsync(folder.File("photos/ann.jpg"), new byte[10], Cancellation);
        await File.WriteAllBytesAsync(folder.File("photos/trip/bob.jpg"), new byte[20], Cancellation);

        var all = await server.RunAsync("submit", "pictures", folder.File("photos"), "--wait");
        var one = await server.RunAsync("submit", "pictures", folder.File("photos/*.jpg"), "--wait");
        var table = await server.RunAsync("results", all.Lines[0], "-o", "csv", "--select", "bytes=/bytes");
        var files = await server.RunAsync("results", one.Lines[0], "-o", folder.File("out"));

        Assert.Equal(["index,item,state,error,bytes", "0,ann.jpg,completed,,10", "1,trip/bob.jpg,completed,,20"], table.Lines);
        Assert.Equal(0, files.ExitCode);
        Assert.Equal("""{"bytes":10}""", (await File.ReadAllTextAsync(folder.File("out/ann.jpg.json"), Cancellation)).Trim());
    }

    [Fact]
    public async Task A_job_that_takes_too_long_goes_on_and_exits_with_3()
    {
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);

        var run = await server.RunAsync("submit", "translation", "--text", held, "--wait", "--timeout", "0.1s");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains($"stashai watch {run.Lines[0]}", run.Error, StringComparison.Ordinal);
        gate.Open();
        Assert.Equal(0, (await server.RunAsync("watch", run.Lines[0])).ExitCode);
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_job_running_and_says_how_to_find_it()
    {
        Assert.SkipWhen(Interrupts.AreIgnored, Interrupts.WhySkipped);
        var held = $"held {Guid.NewGuid()}";
        var gate = server.Hold(held);
        await using var submit = server.Launch("submit", "translation", "--text", held, "--wait");

        var job = await submit.WaitForLineAsync(line => Guid.TryParse(line, out _), Cancellation);
        await submit.SignalAsync(UnixSignal.Interrupt, Cancellation);
        var code = await submit.WaitForExitAsync(Cancellation);
        gate.Open();

        Assert.Equal(130, code);
        Assert.Contains(submit.StandardError, line => line.Contains($"stashai watch {job}", StringComparison.Ordinal));
        Assert.Equal(0, (await server.RunAsync("watch", job)).ExitCode);
    }

    [Theory]
    [InlineData("submit translation", "Give the items in one way")]
    [InlineData("submit translation /nowhere/at/all", "There is no file or folder '/nowhere/at/all'.")]
    [InlineData("submit nobody --text a", "There is no service 'nobody'.")]
    [InlineData("submit translation --text a --priority urgent", "--priority must be 0 to 9, low, normal or high, not 'urgent'.")]
    [InlineData("submit translation --text a --at soon", "--at must be a time such as 22:00")]
    [InlineData("submit translation --text a --config target", "--config must be KEY=VALUE, not 'target'.")]
    [InlineData("submit translation --text a --config tarket=de", "tarket")]
    [InlineData("submit translation --items /nowhere.jsonl", "--items must be a file that exists")]
    [InlineData("jobs --state runing", "Did you mean 'running'?")]
    [InlineData("jobs --json=idd", "Did you mean 'id'?")]
    [InlineData("results 00000000 --select text", "--select must be a JSON pointer")]
    [InlineData("job ffffffff", "No job's id begins with 'ffffffff'")]
    [InlineData("pause", "Give one of: ids of jobs")]
    [InlineData("pause --service nobody", "There is no service named nobody")]
    [InlineData("pause --all --resume-at soon", "--resume-at must be a time such as 22:00")]
    [InlineData("pause --tag none --resume-at 1h", "--resume-at takes ids of jobs")]
    public async Task What_cannot_be_done_is_one_sentence_and_exit_code_2(string commandLine, string sentence)
    {
        await server.RunAsync("submit", "translation", "--text", "so that there is a job");

        var run = await server.RunAsync(commandLine.Split(' '));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_names_every_error_by_its_line_and_submits_nothing()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("a.jsonl"), "\"fine\"\n{broken\n7\n\n[\"a\"]\n", Cancellation);
        await File.WriteAllTextAsync(folder.File("a.csv"), "id,words\n1,one\n2\n3,three\n4,four,more\n", Cancellation);
        var (lines, table, name) = (folder.File("a.jsonl"), folder.File("a.csv"), $"Dry {Guid.NewGuid()}");

        var wrong = await server.RunAsync(
            "submit", "translation", "--items", lines, "--config", "targit=de", "--name", name, "--dry-run");
        var rows = await server.RunAsync("submit", "translation", "--items", table, "--column", "words", "--dry-run", "--json");
        var file = await server.RunAsync("submit", "translation", lines, "--by-path", "--dry-run");
        var fine = await server.RunAsync("submit", "translation.translate", "--text", "a", "--name", name, "--dry-run");

        Assert.Equal((2, 2, 2, 0), (wrong.ExitCode, rows.ExitCode, file.ExitCode, fine.ExitCode));
        Assert.Contains("Did you mean 'target'?", wrong.Error, StringComparison.Ordinal);
        Assert.Contains($"{lines}:2: not JSON: ", wrong.Error, StringComparison.Ordinal);
        Assert.Contains($"{lines}:3: item must be a text, not 7.", wrong.Error, StringComparison.Ordinal);
        Assert.Contains($"{lines}:5: item must be a text, not [\"a\"].", wrong.Error, StringComparison.Ordinal);
        Assert.Contains($"{table}:3: 1 cells, but 2 columns.", rows.Error, StringComparison.Ordinal);
        Assert.Contains($"{table}:5: 3 cells, but 2 columns.", rows.Error, StringComparison.Ordinal);
        Assert.Equal("""{"items":4,"errors":2,"submitted":false}""", rows.Output.Trim());
        Assert.Contains("are not files", file.Error, StringComparison.Ordinal);
        Assert.Contains("Time: ", fine.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Time: ", wrong.Error, StringComparison.Ordinal);
        Assert.Equal("", (await server.RunAsync("jobs", "--name", name)).Output);
    }

    [Fact]
    public async Task By_path_the_server_reads_the_files_itself()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("photos"));
        await File.WriteAllBytesAsync(folder.File("photos/ann.jpg"), new byte[10], Cancellation);
        await using var own = await server.ServeAsync(folder.Path, ("ALLOWED_FOLDERS", folder.File("photos")));
        (string, string)[] here = [("STASHAI_URL", own.Url)];

        var run = await server.RunAsync("", here, "submit", "pictures", folder.File("photos"), "--by-path", "--wait");
        var table = await server.RunAsync("", here, "results", run.Lines[0], "-o", "csv", "--select", "bytes=/bytes");
        var refused = await server.RunAsync("submit", "pictures", folder.File("photos"), "--by-path");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("0,ann.jpg,completed,,10", table.Lines[1]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("ALLOWED_FOLDERS", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_no_item_is_named_by_its_number_and_makes_no_job()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("a.jsonl"), "\"fine\"\n{broken\n", Cancellation);

        var run = await server.RunAsync("submit", "translation", "--items", folder.File("a.jsonl"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("a.jsonl:2: not JSON", run.Error, StringComparison.Ordinal);
    }
}

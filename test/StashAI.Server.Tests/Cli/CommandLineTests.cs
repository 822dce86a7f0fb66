using StashAI.Server.Exits;

namespace StashAI.Server.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("serve --workers many", "--workers must be a whole number from 1 to 1024, not 'many'.")]
    [InlineData("serve --workers 0", "--workers must be a whole number from 1 to 1024, not '0'.")]
    [InlineData("serve --workers 1025", "--workers must be a whole number")]
    [InlineData("serve --urls nowhere", "--urls must be an address to listen on such as http://127.0.0.1:9998, not 'nowhere'.")]
    [InlineData("serve --urls ;", "--urls must be an address to listen on")]
    [InlineData("serve --urls https://127.0.0.1:1", "--urls must be an address to listen on")]
    [InlineData("serve --urls http://127.0.0.1:99999", "--urls must be an address to listen on")]
    [InlineData("serve --visage-url visage:8000", "--visage-url must be the http:// or https:// address of a service")]
    [InlineData("serve --visage-url http://u:p@v:1", "--visage-url must be the http:// or https:// address of a service")]
    [InlineData(
        "serve --database mysql://u@h/d", "--database is not valid: The database URL cannot be read: it must look like postgres://")]
    [InlineData("worker --database postgres://u@h/d?sslmode=maybe", "--database is not valid: The database URL has sslmode=maybe")]
    [InlineData("migrate --database queue.db", "--database is not valid: The database URL cannot be read")]
    [InlineData("serve --log-level loud", "--log-level must be debug, info, warning or error, not 'loud'.")]
    [InlineData("serve --bogus", "'--bogus' is not understood.")]
    [InlineData("srve", "'srve' is not understood. Did you mean 'serve'?")]
    [InlineData("keys lst", "'lst' is not understood. Did you mean 'list'?")]
    [InlineData("serve --wrokers 3", "'--wrokers' is not understood. Did you mean '--workers'?")]
    [InlineData("serve --workers x --log-level y", "'stashai config check' lists them all")]
    [InlineData("serve --data", "--data")]
    [InlineData("bulk nope", "ID must be a whole id, not 'nope'.")]
    [InlineData("limits visage --rate abc", "--rate must be a number, not 'abc'.")]
    [InlineData("limits visage --max-parallel 1.5", "--max-parallel must be a whole number, not '1.5'.")]
    [InlineData("audit --limit many", "--limit must be a whole number, not 'many'.")]
    [InlineData("--server http://127.0.0.1:9 jobs", "'--server' is not understood. It stands after the name of the command.")]
    [InlineData("submit visage --text a --wait --timeout 0", "--timeout must be a span")]
    [InlineData("rerun 0199f0a2 --wait --timeout soon", "--timeout must be a span")]
    [InlineData("demo --photos /", "--photos needs --people DIR")]
    [InlineData("demo --people /", "--people needs --photos DIR")]
    [InlineData("demo --photos /nowhere/at/all --people /", "--photos must be a folder that exists, not '/nowhere/at/all'.")]
    public async Task A_value_that_cannot_be_used_gets_one_sentence_and_exit_code_2(string commandLine, string sentence)
    {
        var run = await CommandRun.OfAsync(commandLine);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
        Assert.Null(run.Options);
    }

    [Fact]
    public async Task A_bad_variable_is_named_by_its_own_name()
    {
        Assert.Contains("WORKERS must be", (await CommandRun.OfAsync("serve", ("WORKERS", "x"))).Error, StringComparison.Ordinal);
        Assert.Contains(
            "QUEUE_DB_PATH must be a file", (await CommandRun.OfAsync("serve", ("QUEUE_DB_PATH", "/"))).Error, StringComparison.Ordinal);
        Assert.Contains(
            "DATABASE_URL is not valid:",
            (await CommandRun.OfAsync("serve", ("DATABASE_URL", "postgres:h/d"))).Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "DATABASE_URL_FILE must be a file that can be read, not '/nowhere'",
            (await CommandRun.OfAsync("serve", ("DATABASE_URL_FILE", "/nowhere"))).Error, StringComparison.Ordinal);
        Assert.Contains(
            "VISAGE_URL must be", (await CommandRun.OfAsync("serve", ("VISAGE_URL", "ftp://h"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_refused_where_a_folder_belongs()
    {
        var file = Path.GetTempFileName();
        try
        {
            var run = await CommandRun.OfAsync("serve --data " + file);

            Assert.Equal(2, run.ExitCode);
            Assert.Contains("--data must be a folder", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_failure_at_the_start_is_one_sentence_and_exit_code_1()
    {
        var expected = new RecordedHandlers { Throws = new StartException("the port is taken.") };
        var unexpected = new RecordedHandlers { Throws = new IOException("disk\nfull.") };

        var first = await CommandRun.OfAsync(expected, "serve");
        var second = await CommandRun.OfAsync(unexpected, "serve");

        Assert.Equal((1, "stashai serve: the port is taken.\n"), (first.ExitCode, first.Error));
        Assert.Equal((1, "stashai serve: disk full (LOG_LEVEL=debug shows the details).\n"), (second.ExitCode, second.Error));
    }

    [Fact]
    public async Task The_stack_trace_of_an_unexpected_failure_is_shown_at_debug_level()
    {
        var handlers = new RecordedHandlers { Throws = new InvalidOperationException("broken") };

        var run = await CommandRun.OfAsync(handlers, "serve", ("LOG_LEVEL", "debug"));

        Assert.Contains(nameof(InvalidOperationException), run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_command_says_so_with_its_exit_code()
    {
        var handlers = new RecordedHandlers { Throws = new OperationCanceledException() };

        var run = await CommandRun.OfAsync(handlers, "demo");

        Assert.Equal((130, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task The_version_and_the_help_are_printed()
    {
        var version = await CommandRun.OfAsync("--version");
        var help = await CommandRun.OfAsync("");
        var serve = await CommandRun.OfAsync("serve --help");

        Assert.Matches(@"^stashai \d+\.\d+\.\d+\n$", version.Output);
        Assert.All(
            (string[])["serve", "worker", "visage", "migrate", "demo"],
            name => Assert.Contains(name, help.Output, StringComparison.Ordinal));
        Assert.Contains("WORKERS; default 4", serve.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("exit-with-stdin", serve.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (version.ExitCode, help.ExitCode, serve.ExitCode));
    }
}

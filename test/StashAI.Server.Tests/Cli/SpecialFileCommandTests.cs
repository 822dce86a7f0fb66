using StashAI.Server.Cli;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Cli;

/// <summary>A pipe, a socket, a device or a folder as an argument that is to be a file.</summary>
public sealed class SpecialFileCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_command_waits_for_one()
    {
        Assert.SkipUnless(SpecialFiles.CanBeMade, "The kinds of files are those of Linux.");
        using var files = await SpecialFiles.CreateAsync(".yaml", Cancellation);
        using var folder = new TempFolder();
        var service = folder.File("echo.yaml");
        await File.WriteAllTextAsync(
            service,
            "name: echo\nurl: http://127.0.0.1:9\noperations:\n  run: {item: file, request: {path: /x, multipart: {file: {file: item}}}}",
            Cancellation);
        foreach (var (path, word) in files.All)
        {
            foreach (var command in (string[][])
            [
                ["service", "check", path],
                ["service", "test", service, "--item", "@" + path],
                ["service", "import", $"curl http://127.0.0.1:9/x -H 'Content-Type: text/plain' --data-binary @{path}", "--name", "a"],
            ])
            {
                var (code, output) = await RunAsync(command);
                Assert.True(code != 0, $"{string.Join(' ', command)}: {output}");
                Assert.Contains(path, output, StringComparison.Ordinal);
                if (word != "folder") Assert.Contains(word, output, StringComparison.Ordinal);
            }

            var (tested, about) = await RunAsync("service", "test", path);
            Assert.True(tested != 0, about);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        // A blocked open cannot be cancelled, so the test must not run on the thread that does it.
        var running = Task.Run(
            () => new CommandLineApp(new CommandHandlers(output), _ => null, output, output).RunAsync(arguments, Cancellation),
            Cancellation);
        var code = await running.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        return (code, output.ToString());
    }
}

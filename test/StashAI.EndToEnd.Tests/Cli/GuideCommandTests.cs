using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>What explains and completes commands.</summary>
[Collection(nameof(CliServer))]
public sealed class GuideCommandTests(CliServer server)
{
    /// <summary>PowerShell as a tool of this repository.</summary>
    private static readonly string[] PowerShell = ["dotnet", "tool", "run", "pwsh", "-NoProfile", "-NonInteractive"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

using System.Runtime.InteropServices;
using System.Text;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>The sessions of docs/cli.md: lines after <c>$</c> are typed, and the others are what comes.</summary>
internal static class CliPage
{
    /// <summary>The runtime that runs this test.</summary>
    private static string DotnetRoot { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The blocks of the page, in their order.</summary>
    public static IReadOnlyList<string> Sessions() =>
    [
        .. SourceTree.Read("docs/cli.md").Split("```console\n")[1..]
            .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]),
    ];

    /// <summary>Types the lines of a session into a shell, and returns what the page would show.</summary>
    /// <param name="page">The lines of the session.</param>
    /// <param name="prelude">What the shell reads before.</param>
    /// <param name="folder">Where the session works, in a folder of its own.</param>
    /// <param name="cancellationToken">Ends the shell and what it started.</param>
    public static async Task<string> RunAsync(
        IEnumerable<string> page, string prelude, TempFolder folder, CancellationToken cancellationToken)
    {
        var script = new StringBuilder($"export PATH='{AppContext.BaseDirectory}':\"$PATH\" DOTNET_ROOT='{DotnetRoot}'\n")
            .Append(prelude).Append("\nexec 2>&1\n");
        foreach (var line in page.Where(line => line.StartsWith("$ ", StringComparison.Ordinal)))
            script.Append($"cat <<'LINE'\n{line}\nLINE\n{line[2..]}\n");
        await File.WriteAllTextAsync(folder.File("session.sh"), script.ToString(), cancellationToken);
        var work = Directory.CreateDirectory(folder.File("work")).FullName;
        return await ProgramRun.OutputAsync(["bash", folder.File("session.sh")], work, cancellationToken);
    }
}

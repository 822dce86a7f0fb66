using System.Runtime.CompilerServices;
using System.Text;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Tests.Policies;

/// <summary>docs/state-machine.md shows the circuit's table as the program has it.</summary>
public sealed class CircuitDocumentTests
{
    [Fact]
    public async Task The_page_shows_the_table_of_the_program()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Folder(), "../../../docs/state-machine.md"), TestContext.Current.CancellationToken);

        Assert.Contains(Drawing(), page, StringComparison.Ordinal);
    }

    private static string Drawing()
    {
        var text = new StringBuilder("```mermaid\nstateDiagram-v2\n    [*] --> Closed\n");
        foreach (var row in CircuitPolicy.Transitions) text.Append($"    {row.From} --> {row.To}: {row.Event}\n");
        text.Append("```\n\n| from | event | to | effect |\n|---|---|---|---|\n");
        foreach (var row in CircuitPolicy.Transitions) text.Append($"| {row.From} | {row.Event} | {row.To} | {row.Effect} |\n");
        return text.ToString();
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

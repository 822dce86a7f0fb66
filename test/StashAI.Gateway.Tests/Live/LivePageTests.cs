using System.Runtime.CompilerServices;
using System.Text;
using StashAI.Gateway.Live.Messages;

namespace StashAI.Gateway.Tests.Live;

/// <summary>docs/websocket.md has every message of the catalog, with its fields and its example, and no others.</summary>
public sealed class LivePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "websocket.md")).ReplaceLineEndings("\n");

    [Theory]
    [MemberData(nameof(LiveMessageTests.AllMessages), MemberType = typeof(LiveMessageTests))]
    public void Every_message_stands_on_the_page_as_the_catalog_has_it(string name) => Assert.Contains(
        Section(LiveCatalog.FromClients.Concat(LiveCatalog.FromServer).First(type => type.Name == name)), Page, StringComparison.Ordinal);

    [Fact]
    public void The_page_has_no_message_that_is_gone()
    {
        var headings = Page.Split('\n').Where(line => line.StartsWith("### `", StringComparison.Ordinal)).Select(line => line[5..^1]);

        Assert.Equal(LiveCatalog.FromClients.Concat(LiveCatalog.FromServer).Select(type => type.Name), headings);
    }

    /// <summary>A message as the page shows it.</summary>
    private static string Section(LiveMessageType type)
    {
        var text = new StringBuilder().Append("### `").Append(type.Name).Append("`\n\n").Append(type.Summary).Append("\n\n");
        if (type.Fields.Count > 0)
        {
            text.Append("| field | holds | |\n|---|---|---|\n");
            foreach (var field in type.Fields) text.Append($"| `{field.Name}` | {field.Type} | {field.Meaning} |\n");
            text.Append('\n');
        }

        return text.Append("```json\n").Append(type.Example).Append("\n```\n").ToString();
    }

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}

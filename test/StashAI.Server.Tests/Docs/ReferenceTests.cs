using System.Text.RegularExpressions;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Docs;

/// <summary>What the Markdown files and the comments of the sources refer to is there.</summary>
public sealed partial class ReferenceTests
{
    [Fact]
    public void Every_relative_link_leads_to_a_file_and_a_heading() =>
        Assert.Equal(
            [], MarkdownPage.All.SelectMany(page => page.Links.Where(link => !page.Leads(link)).Select(link => $"{page.Name}: {link}")));

    [Fact]
    public void Every_file_that_a_page_names_exists() =>
        Assert.Equal(
            [],
            MarkdownPage.All.SelectMany(
                page => page.NamedFiles.Where(name => !MarkdownPage.IsNamed(name)).Select(name => $"{page.Name}: {name}")));

    [Fact]
    public void Every_decision_that_is_named_has_its_page() => Assert.Equal(
        [],
        from file in MarkdownPage.Files
        where Text().IsMatch(file)
        from Match match in Decision().Matches(SourceTree.Read(file))
        where !MarkdownPage.Files.Any(page => page.StartsWith($"docs/adr/{match.Groups[1].Value}-", StringComparison.Ordinal))
        select $"{file}: {match.Value}");

    [Fact]
    public void The_index_of_decisions_has_each_of_them_once()
    {
        var index = MarkdownPage.All.Single(page => page.Name == "docs/adr/README.md");

        Assert.Equal(
            MarkdownPage.Files.Where(file => file.StartsWith("docs/adr/0", StringComparison.Ordinal))
                .Select(file => file["docs/adr/".Length..]).Order(StringComparer.Ordinal),
            index.Links.Where(link => link.StartsWith('0')));
    }

    [GeneratedRegex(@"\.(md|cs|sql|sh|yml|yaml|csproj)$")]
    private static partial Regex Text();

    [GeneratedRegex(@"(?:docs/adr/|ADR )(\d{4})")]
    private static partial Regex Decision();
}

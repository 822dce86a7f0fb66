using System.Text.RegularExpressions;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Architecture;

/// <summary>What the documents of the repository must say.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] FirstLayout =
    [
        "Database/models.py", "Database/database.py", "Database/data/queue_models.py", "Database/data/visage_adapter.py",
        "Database/adapters/VisageDatabaseQueueAdapter.py", "Database/alembic/", "Services/queue/huey_app.py", "Services/queue/tasks.py",
        "Services/queue/manager.py", "Services/websocket/manager.py", "Services/websocket/broadcaster.py", "Services/visage/",
        "api/endpoints.py", "api/VisageFrontendAdapter.py", "main.py", "worker.py", "requirements.txt", "docker-compose.yml",
    ];

    [Fact]
    public void The_readme_names_the_product_and_closes_with_its_line()
    {
        var readme = SourceTree.Read("README.md").Trim();

        Assert.StartsWith("# StashAI Server\n", readme, StringComparison.Ordinal);
        Assert.EndsWith(
            "\nTransforming single-use APIs into powerful batch processing systems through intelligent queue orchestration.",
            readme,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_licence_is_named_and_contributors_know_what_a_change_needs()
    {
        Assert.Contains("MIT", SourceTree.Read("LICENSE"), StringComparison.Ordinal);
        Assert.Contains("MIT licensed", SourceTree.Read("README.md"), StringComparison.Ordinal);
        var contributing = SourceTree.Read("CONTRIBUTING.md");
        Assert.Contains("## Add an AI service", contributing, StringComparison.Ordinal);
        Assert.Contains("## Rules of the tests", contributing, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_place_of_the_first_layout_has_one_here()
    {
        var page = SourceTree.Read("ARCHITECTURE.md");
        var from = page.IndexOf("## From the first layout", StringComparison.Ordinal);
        var rows = SourceTree.Rows(page[from..page.IndexOf("\n## ", from + 1, StringComparison.Ordinal)])
            .Where(row => row[0] != "there").ToList();

        Assert.Empty(FirstLayout.Except(rows.SelectMany(row => Quoted(row[0]))));
        Assert.DoesNotContain(
            rows.SelectMany(row => Quoted(row[1])), place => !place.StartsWith("stashai ", StringComparison.Ordinal) && !IsThere(place));
    }

    private static bool IsThere(string place) =>
        new[] { Path.Combine("src", "StashAI." + place), place }.Select(path => Path.Combine(SourceTree.Folder, path))
            .Any(path => File.Exists(path) || Directory.Exists(path));

    private static IEnumerable<string> Quoted(string cell) => Quote().Matches(cell).Select(match => match.Groups[1].Value);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quote();
}

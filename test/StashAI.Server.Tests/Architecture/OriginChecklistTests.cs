using System.Text.RegularExpressions;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Architecture;

/// <summary>
/// docs/origin-checklist.md: every promise once, each with tests that exist, or with what is not there yet. Whether those tests pass, the
/// suites that hold them say.
/// </summary>
public sealed partial class OriginChecklistTests
{
    private static readonly List<string[]> Rows = [.. SourceTree.Rows(SourceTree.Read("docs/origin-checklist.md"))];

    [Fact]
    public void Every_promise_stands_on_the_page_once() => Assert.Equal(
        [.. Enumerable.Range(1, 95).Select(number => $"A{number:000}"), .. Enumerable.Range(1, 26).Select(number => $"C-{number:00}")],
        Rows.Select(row => row[0]));

    [Fact]
    public void What_has_no_proof_says_so() => Assert.All(
        Rows, row => Assert.True(Proofs(row).Any() || row[2].StartsWith("not yet: ", StringComparison.Ordinal), $"{row[0]} has no proof"));

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var tests = Tests();

        Assert.Empty(Rows.SelectMany(row => Proofs(row).Where(proof => !tests.Contains(proof)).Select(proof => $"{row[0]}: {proof}")));
    }

    private static IEnumerable<string> Proofs(string[] row) => Proof().Matches(row[2]).Select(match => match.Groups[1].Value);

    /// <summary>`Class.Method` of all tests, by their source text.</summary>
    private static HashSet<string> Tests()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SourceTree.Folder, "test"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            if (Class().Match(text) is not { Success: true } type) continue;
            foreach (Match method in Method().Matches(text)) found.Add($"{type.Groups[1].Value}.{method.Groups[1].Value}");
        }

        return found;
    }

    [GeneratedRegex(@"`(\w+\.\w+)`")]
    private static partial Regex Proof();

    [GeneratedRegex(@"public (?:sealed |abstract |partial )*class (\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*\n(?:\s*\[[^\n]*\n)*\s*public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Method();
}

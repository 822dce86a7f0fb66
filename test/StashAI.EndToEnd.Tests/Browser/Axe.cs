using System.Text.Json;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Deployment;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>axe-core, which looks for what keeps people from using a page.</summary>
internal static class Axe
{
    private const string Rules = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }";

    /// <summary>Fails with what it finds and where.</summary>
    public static async Task AssertNothingFoundAsync(IPage page)
    {
        var found = await FindAsync(page);
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    public static async Task<IReadOnlyList<string>> FindAsync(IPage page)
    {
        await page.EvaluateAsync(Repository.Read("web/node_modules/axe-core/axe.min.js"));
        var found = await page.EvaluateAsync<JsonElement>(
            $$"""
            async () => (await axe.run(document, {{Rules}})).violations.map(
                one => `${one.id}: ${one.help}: ${one.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary).join('; ')}`)
            """);
        return [.. found.EnumerateArray().Select(one => one.GetString()!)];
    }
}

using System.Text.Json;
using Microsoft.Playwright;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>Calls the functions of plugin.js in a page, for one gateway.</summary>
internal sealed class PluginPage(IPage page, string gateway)
{
    /// <summary>Runs one step; it throws what the step threw in the browser.</summary>
    public Task<JsonElement> AskAsync(string step, params object[] arguments) =>
        page.EvaluateAsync<JsonElement>($"given => plugin.{step}(...given)", (object[])[gateway, .. arguments]);
}

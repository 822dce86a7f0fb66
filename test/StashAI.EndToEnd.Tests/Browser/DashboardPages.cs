using Microsoft.Playwright;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>What tests of all pages do with each.</summary>
internal static class DashboardPages
{
    /// <summary>Goes to a page and waits until it shows something and loads nothing.</summary>
    public static async Task OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await SettledAsync(page);
    }

    public static async Task SettledAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("#content :is(h1, h2)").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#content .skeleton")).ToHaveCountAsync(0);
    }

    public static async Task LogInAsync(IPage page, string url, string key)
    {
        await page.GotoAsync(url + "/dashboard/settings");
        await page.GetByLabel("API key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await SettledAsync(page);
    }

    public static Task<bool> ScrollsSidewaysAsync(IPage page) =>
        page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth");
}

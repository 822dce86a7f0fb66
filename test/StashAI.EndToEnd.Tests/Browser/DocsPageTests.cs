using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Gateway;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>The page `/docs` in a real browser.</summary>
public sealed class DocsPageTests(Chromium chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task It_shows_the_api_and_asks_its_own_server_alone(ColorScheme scheme)
    {
        await using var browser = await chromium.OpenAsync(scheme, width: 1400);
        await using var gateway = await ServedGateway.StartAsync();
        var page = browser.Page;

        await page.GotoAsync(gateway.Process.Url + "/docs");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "StashAI Server" }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Find the faces of many photos").First).ToBeVisibleAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await browser.PictureAsync($"docs-{scheme}", isWhole: false);
        Assert.All(browser.Requests, request => Assert.Equal(new Uri(gateway.Process.Url).Authority, request.Authority));
        Assert.Contains(browser.Requests, request => request.AbsolutePath == "/openapi.json");
        Assert.Empty(browser.Complaints);
    }
}

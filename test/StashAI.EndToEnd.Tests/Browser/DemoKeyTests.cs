using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>The page `/demo` of a server that asks for API keys.</summary>
public sealed class DemoKeyTests(Chromium chromium)
{
    private const string Key = "a-key-of-the-environment";
    private const string Reader = "another-key-of-the-environment";

    [Fact]
    public async Task A_key_is_asked_for_kept_in_the_tab_alone_and_forgotten_on_request()
    {
        await using var browser = await chromium.OpenAsync();
        await using var gateway = await ServedGateway.StartAsync(settings: [("API_KEYS", $"submit:{Key}")]);
        gateway.Visage.Script = _ => Reply.Json("""{"data":[[]]}""");
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/demo");

        await Assertions.Expect(page.Locator("#socket")).ToHaveTextAsync("needs a key");
        await Assertions.Expect(page.Locator("#run")).ToBeDisabledAsync();
        await Assertions.Expect(page.Locator("#refusal")).ToBeHiddenAsync();
        await browser.PictureAsync("demo-key");
        await EnterAsync(page, "not-the-key-of-this-server");
        await Assertions.Expect(page.Locator("#refusal")).ToContainTextAsync("wrong");
        Assert.Equal(0, await page.EvaluateAsync<int>("sessionStorage.length"));

        await EnterAsync(page, Key);
        await Assertions.Expect(page.Locator("#socket")).ToHaveTextAsync("live");
        await Assertions.Expect(page.Locator("#entry")).ToBeHiddenAsync();
        await page.ClickAsync("#run");
        await Assertions.Expect(page.Locator("#job")).ToHaveTextAsync("All 5 photos are done");
        await Assertions.Expect(page.Locator("#results li.completed")).ToHaveCountAsync(5);
        await page.WaitForFunctionAsync(
            "[...document.querySelectorAll('#results .photo')].every(image => image.complete && image.naturalWidth > 0)");
        await browser.PictureAsync("demo-key-done");

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#socket")).ToHaveTextAsync("live");
        Assert.Equal(Key, await page.EvaluateAsync<string>("Object.values(sessionStorage).join()"));
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length + document.cookie.length"));
        await page.ClickAsync("#forget");
        await Assertions.Expect(page.Locator("#socket")).ToHaveTextAsync("needs a key");
        Assert.Equal(0, await page.EvaluateAsync<int>("sessionStorage.length"));

        Assert.DoesNotContain(browser.Requests, request => request.OriginalString.Contains(Key, StringComparison.Ordinal));
        Assert.All(browser.Requests, request => Assert.Equal(new Uri(gateway.Process.Url).Authority, request.Authority));
        // What a browser says of every answer with this status; nothing else.
        Assert.All(browser.Complaints, complaint => Assert.Contains("401", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_may_only_read_is_told_so_and_the_page_stays_live()
    {
        await using var browser = await chromium.OpenAsync(ColorScheme.Dark, width: 420);
        await using var gateway = await ServedGateway.StartAsync(settings: [("API_KEYS", $"read:{Reader}")]);
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/demo");
        await EnterAsync(page, Reader);
        await Assertions.Expect(page.Locator("#run")).ToBeEnabledAsync();

        await page.ClickAsync("#run");

        await Assertions.Expect(page.Locator("#message")).ToContainTextAsync("scope submit");
        await browser.PictureAsync("demo-refused");
        await Assertions.Expect(page.Locator("#socket")).ToHaveTextAsync("live");
    }

    private static async Task EnterAsync(IPage page, string key)
    {
        await page.FillAsync("#key", key);
        await page.ClickAsync("#entry button");
    }
}

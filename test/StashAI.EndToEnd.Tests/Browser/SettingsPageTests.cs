using Microsoft.Playwright;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>API keys on the page of the settings, and how the page looks.</summary>
public sealed class SettingsPageTests(Chromium chromium)
{
    [Fact]
    public async Task The_first_key_is_an_admins_shown_once_and_the_page_is_logged_in_with_it()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await FilledDashboard.StartAsync();
        var page = browser.Page;
        await DashboardPages.OpenAsync(page, dashboard.Url + "/dashboard/settings");

        var key = await MakeAsync(page, "laptop", role: null);

        var keys = page.GetByRole(AriaRole.Region, new() { Name = "API keys" });
        await Assertions.Expect(keys.GetByRole(AriaRole.Row, new() { Name = "laptop" })).ToContainTextAsync("admin");
        await Assertions.Expect(keys).ToContainTextAsync("you");
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);
        await page.ReloadAsync();
        await Assertions.Expect(keys).ToContainTextAsync("laptop");
        using var answer = await dashboard.Gateway.Http.GetAsync("/api/me", TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)answer.StatusCode);

        var second = await MakeAsync(page, "reader", "read");
        await Axe.AssertNothingFoundAsync(page);
        Assert.Equal(200, await StatusAsync(dashboard, second));
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke reader" }).ClickAsync();
        var question = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(question).ToContainTextAsync("cannot be undone");
        await Axe.AssertNothingFoundAsync(page);
        await question.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();

        await Assertions.Expect(keys.GetByRole(AriaRole.Row, new() { Name = "reader" })).ToBeHiddenAsync();
        Assert.Equal(401, await StatusAsync(dashboard, second));
        // The key of this login, which is the last of an admin, goes only when its name is typed.
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke laptop" }).ClickAsync();
        var last = page.GetByRole(AriaRole.Dialog, new() { Name = "laptop" });
        await Assertions.Expect(last).ToContainTextAsync("the key you are logged in with");
        await Assertions.Expect(last).ToContainTextAsync("the last key of the role admin");
        await Assertions.Expect(last.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true })).ToBeDisabledAsync();
        await last.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await MakeAsync(page, "reader", "read", isRefused: true);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("reader");
    }

    [Fact]
    public async Task The_first_key_is_shown_also_where_the_login_with_it_fails()
    {
        await using var browser = await chromium.OpenAsync(width: 390);
        await using var dashboard = await FilledDashboard.StartAsync();
        var page = browser.Page;
        await DashboardPages.OpenAsync(page, dashboard.Url + "/dashboard/settings");
        await page.RouteAsync("**/api/login", route => route.AbortAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("phone");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();

        // The server answers nobody without a key by now, so the login page is below.
        await Assertions.Expect(page.Locator("form.login")).ToBeAttachedAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("shown this once");
        var key = await dialog.Locator("code").InnerTextAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await page.UnrouteAllAsync();
        await page.GetByLabel("API key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "API keys" })).ToContainTextAsync("phone");
    }

    [Fact]
    public async Task A_guest_of_an_open_network_logs_in_with_a_key_and_is_told_how_to_make_one()
    {
        await using var browser = await chromium.OpenAsync(width: 390);
        await using var dashboard = await FilledDashboard.StartAsync(null, FilledDashboard.Keys, ("ALLOW_ANONYMOUS", "lan"));
        var page = browser.Page;
        await DashboardPages.OpenAsync(page, dashboard.Url + "/dashboard/settings");
        var you = page.GetByRole(AriaRole.Region, new() { Name = "You" });
        await you.GetByText("How to make an admin key").ClickAsync();
        await Assertions.Expect(you).ToContainTextAsync("docker compose exec stash-ai-server");
        await Axe.AssertNothingFoundAsync(page);

        await you.GetByLabel("API key").FillAsync(FilledDashboard.Admin);
        await you.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "API keys" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Colours_rows_and_language_are_chosen_and_kept()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await FilledDashboard.StartAsync();
        var page = browser.Page;
        await DashboardPages.OpenAsync(page, dashboard.Url + "/dashboard/settings");

        var backups = page.GetByRole(AriaRole.Region, new() { Name = "Backups" });
        await Assertions.Expect(backups).ToContainTextAsync("none yet");
        await Assertions.Expect(backups.GetByText("stashai backup FOLDER", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Dark" }).CheckAsync(new() { Force = true });
        await page.GetByRole(AriaRole.Radio, new() { Name = "Comfortable" }).CheckAsync(new() { Force = true });
        await page.GetByRole(AriaRole.Radio, new() { Name = "Deutsch" }).CheckAsync(new() { Force = true });
        await page.ReloadAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Einstellungen" })).ToBeVisibleAsync();
        Assert.Equal(
            "dark comfortable de",
            await page.EvaluateAsync<string>(
                "(({ dataset, lang }) => `${dataset.theme} ${dataset.rows} ${lang}`)(document.documentElement)"));
        await Axe.AssertNothingFoundAsync(page);
    }

    [Fact]
    public async Task A_webhook_is_made_tested_and_removed_and_its_secret_is_shown_once()
    {
        await using var receiver = await ScriptedService.StartAsync(TestContext.Current.CancellationToken);
        receiver.Script = _ => Reply.Json("{}", 500);
        await using var browser = await chromium.OpenAsync(width: 390);
        await using var dashboard = await FilledDashboard.StartAsync(null, ("ALLOWED_UPSTREAMS", $"127.0.0.1:{receiver.Port}"));
        var page = browser.Page;
        await DashboardPages.OpenAsync(page, dashboard.Url + "/dashboard/settings");
        var webhooks = page.GetByRole(AriaRole.Region, new() { Name = "Webhooks", Exact = true });
        var dialog = page.GetByRole(AriaRole.Dialog);

        await webhooks.GetByRole(AriaRole.Button, new() { Name = "New webhook" }).ClickAsync();
        await dialog.GetByLabel("Name").FillAsync("ci");
        await dialog.GetByLabel("Address").FillAsync("http://10.0.0.1/");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("10.0.0.1 is an address of");
        await Assertions.Expect(dialog.GetByText("ALLOWED_UPSTREAMS=10.0.0.1", new() { Exact = true })).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await dialog.GetByLabel("Address").FillAsync($"{receiver.Url}/hook");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("shown this once");
        var secret = await dialog.Locator("code").InnerTextAsync();
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await Assertions.Expect(webhooks).ToContainTextAsync($"{receiver.Url}/hook");
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);

        await webhooks.GetByRole(AriaRole.Button, new() { Name = "Send a test: ci" }).ClickAsync();
        var log = page.GetByRole(AriaRole.Region, new() { Name = "What was sent: ci" });
        await Assertions.Expect(log).ToContainTextAsync("The receiver answered 500.");
        await Axe.AssertNothingFoundAsync(page);
        receiver.Script = _ => Reply.Json("{}");
        await log.GetByRole(AriaRole.Button, new() { Name = "Send again: webhook.test" }).ClickAsync();
        await Assertions.Expect(log).ToContainTextAsync("delivered");

        await webhooks.GetByRole(AriaRole.Button, new() { Name = "Remove: ci" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(webhooks).ToContainTextAsync("No webhooks");
    }

    private static async Task<string> MakeAsync(IPage page, string name, string? role, bool isRefused = false)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync(name);
        if (role is null) await Assertions.Expect(dialog).ToContainTextAsync("First a key for yourself");
        else await dialog.GetByRole(AriaRole.Radio, new() { Name = role }).CheckAsync();
        await Axe.AssertNothingFoundAsync(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        if (isRefused) return "";
        await Assertions.Expect(dialog).ToContainTextAsync("shown this once");
        var key = await dialog.Locator("code").InnerTextAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        return key;
    }

    private static async Task<int> StatusAsync(FilledDashboard dashboard, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/jobs");
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await dashboard.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}

using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Postgres;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>What holds on every page of the dashboard. The pages are those of its router, so a new one is walked too.</summary>
public abstract partial class DashboardWalkTests(Chromium chromium, PostgresFixture? postgres)
{
    public sealed class OnSqlite(Chromium chromium) : DashboardWalkTests(chromium, null);

    public sealed class OnPostgres(Chromium chromium, PostgresFixture postgres) : DashboardWalkTests(chromium, postgres);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 320)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 320)]
    public async Task Every_page_is_accessible_fits_and_asks_nobody_else(ColorScheme scheme, int width)
    {
        await using var browser = await chromium.OpenAsync(scheme, width);
        await using var dashboard = await StartAsync();
        var found = new List<string>();
        foreach (var address in dashboard.Pages)
        {
            await DashboardPages.OpenAsync(browser.Page, $"{dashboard.Url}/dashboard{address}");
            found.AddRange((await Axe.FindAsync(browser.Page)).Select(one => $"{address}: {one}"));
            if (await DashboardPages.ScrollsSidewaysAsync(browser.Page)) found.Add($"{address}: scrolls sideways");
            await browser.PictureAsync($"walk{address.Replace('/', '-')}-{width}-{scheme}");
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
        AssertHome(browser, dashboard.Url);
    }

    [Fact]
    public async Task A_key_that_may_only_read_sees_no_action_and_no_button_changes_anything()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await StartAsync(FilledDashboard.Keys);
        var page = browser.Page;
        await DashboardPages.LogInAsync(page, dashboard.Url, FilledDashboard.Reader);
        var (found, changes) = (new List<string>(), new ConcurrentQueue<string>());
        page.Request += (_, request) =>
        {
            if (request.Method is not ("GET" or "HEAD") && !ChangesNothing().IsMatch(request.Url))
                changes.Enqueue($"{page.Url}: {request.Method} {request.Url}");
        };
        foreach (var address in dashboard.Pages)
        {
            var url = $"{dashboard.Url}/dashboard{address}";
            await DashboardPages.OpenAsync(page, url);
            var buttons = page.Locator("#content").GetByRole(AriaRole.Button).And(page.Locator(":enabled"));
            // The heads of columns sort.
            var names = await buttons.EvaluateAllAsync<string[]>(
                "all => all.map(one => one.closest('[role=columnheader]') ? 'sort' : (one.ariaLabel ?? one.textContent ?? '').trim())");
            found.AddRange(names.Where(name => Act().IsMatch(name)).Select(name => $"{address}: {name}"));
            for (var i = 0; i < names.Length; i++)
            {
                if (names[i] is "Log out") continue;
                if (page.Url != url) await DashboardPages.OpenAsync(page, url);
                var button = buttons.Nth(i);
                if (await buttons.CountAsync() > i && await button.IsVisibleAsync())
                    await button.EvaluateAsync("one => one.click()");
                await page.Keyboard.PressAsync("Escape");
            }
        }

        Assert.Equal([], found);
        Assert.Equal([], changes);
    }

    [Fact]
    public async Task Every_page_survives_the_death_of_the_server_and_goes_on_by_itself()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await StartAsync();
        var pages = new List<IPage>();
        foreach (var address in dashboard.Pages)
        {
            pages.Add(await browser.Page.Context.NewPageAsync());
            await DashboardPages.OpenAsync(pages[^1], $"{dashboard.Url}/dashboard{address}");
            await Assertions.Expect(Live(pages[^1])).ToBeVisibleAsync();
        }

        var before = await Task.WhenAll(pages.Select(page => page.Locator("#content").InnerTextAsync()));
        await dashboard.Gateway.Process.KillAsync();
        await Task.WhenAll(pages.Select(page => Assertions.Expect(Restarting(page)).ToBeVisibleAsync()));
        Assert.All(await Task.WhenAll(pages.Select(page => page.Locator("#content").InnerTextAsync())), Assert.NotEmpty);
        await dashboard.RestartAsync();

        await Task.WhenAll(pages.Select(page => Assertions.Expect(Restarting(page)).ToBeHiddenAsync()));
        await Task.WhenAll(pages.Select(page => Assertions.Expect(Live(page)).ToBeVisibleAsync()));
        foreach (var (page, text) in pages.Zip(before))
        {
            await DashboardPages.SettledAsync(page);
            await Assertions.Expect(page.Locator("#content")).ToContainTextAsync(text.Split('\n')[0].Trim());
        }

        // Not only the connection is back: what happens from now on is shown, where nobody touched the page.
        var overview = pages[0];
        dashboard.Gateway.Visage.Script = _ => Reply.Json("""{"data":[[]]}""");
        await dashboard.Gateway.SubmitAsync(["d", "e"]);
        await Assertions.Expect(overview.GetByRole(AriaRole.Link, new() { Name = "1 done", Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Every_page_works_below_a_path_behind_nginx()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await StartAsync(("TRUSTED_PROXIES", "127.0.0.1"), FilledDashboard.Keys);
        await using var proxy = await RealProxy.StartAsync("nginx", dashboard.Url);
        var page = browser.Page;
        await DashboardPages.LogInAsync(page, proxy.Url + "/stashai", FilledDashboard.Admin);
        foreach (var address in dashboard.Pages)
        {
            await DashboardPages.OpenAsync(page, $"{proxy.Url}/stashai/dashboard{address}");
            await Assertions.Expect(Live(page)).ToBeVisibleAsync();
            // Its own links stay below the path too.
            var links = await page.Locator("a[href]").EvaluateAllAsync<string[]>("all => all.map(one => one.href)");
            Assert.All(
                links.Where(link => link.StartsWith("http", StringComparison.Ordinal)),
                link => Assert.StartsWith(proxy.Url + "/stashai/", link, StringComparison.Ordinal));
        }

        AssertHome(browser, proxy.Url);
        Assert.All(browser.Requests, request => Assert.StartsWith("/stashai/", request.AbsolutePath, StringComparison.Ordinal));
    }

    private async Task<FilledDashboard> StartAsync(params IEnumerable<(string Name, string Value)> settings) =>
        await FilledDashboard.StartAsync(postgres is null ? null : await postgres.CreateDatabaseAsync(Cancellation), settings);

    private static ILocator Live(IPage page) => page.GetByText("live", new() { Exact = true }).First;

    private static ILocator Restarting(IPage page) => page.GetByText("The server does not answer. This is");

    /// <summary>
    /// No request left for another machine, and no script broke. Browsers complain of each refused request, such as
    /// for a person that nobody knows.
    /// </summary>
    private static void AssertHome(BrowserPage browser, string url)
    {
        Assert.All(browser.Requests, request => Assert.Equal(new Uri(url).Authority, request.Authority));
        Assert.All(browser.Complaints, complaint => Assert.StartsWith("Failed to load resource", complaint, StringComparison.Ordinal));
    }

    /// <summary>Words of buttons that change something. "Clear" a filter, "Load older", "Copy" and the like do not.</summary>
    [GeneratedRegex(
        """
        ^(retry|rerun|run|cancel|delete|remove|pause|resume|stop|skip|submit|send|save|create|new|add|enrol|merge|split|rename|name|revoke|
        import|edit|priority|confirm|reject|rematch|group|change|upload|try(?!\ again))\b
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Act();

    /// <summary>Requests that read, whatever their method is.</summary>
    [GeneratedRegex(@"/api/(ws/ticket|quote|logout)$")]
    private static partial Regex ChangesNothing();
}

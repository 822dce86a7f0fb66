using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>The dashboard's shell, overview, login and first page, in a real browser against a running server.</summary>
public sealed class DashboardTests(Chromium chromium)
{
    private const string Key = "a-key-of-the-environment";
    private const string Reader = "another-key-of-the-environment";
    private const string NoFace = """{"data":[[]]}""";

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    [InlineData(ColorScheme.Light, 320)]
    public async Task The_overview_is_live_accessible_and_asks_nobody_else(ColorScheme scheme, int width)
    {
        await using var browser = await chromium.OpenAsync(scheme, width);
        await using var gateway = await StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number <= 3 ? Reply.Json(NoFace) : Reply.Hold(gate, Reply.Status(422));
        await gateway.SubmitAsync(["a", "b", "c", "d"]);
        var page = browser.Page;

        await page.GotoAsync(gateway.Process.Url);

        await Assertions.Expect(page).ToHaveURLAsync(gateway.Process.Url + "/dashboard");
        await Assertions.Expect(Heading(page, "Overview")).ToBeVisibleAsync();
        var running = page.GetByRole(AriaRole.Region, new() { Name = "Running jobs" });
        await Assertions.Expect(running).ToContainTextAsync("3 of 4");
        await Axe.AssertNothingFoundAsync(page);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await browser.PictureAsync($"overview-{width}-{scheme}");

        gate.Open();

        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Needs attention" })).ToContainTextAsync("1 job failed");
        await Assertions.Expect(running).ToContainTextAsync("Nothing runs");
        AssertQuiet(browser, gateway.Process.Url);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/demo")]
    public async Task A_server_without_jobs_shows_how_to_begin_and_the_sample_job_opens(string address)
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Json(NoFace);
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + address);
        await Assertions.Expect(Heading(page, "Begin")).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("begin");

        AssertQuiet(browser, gateway.Process.Url);
        await page.GetByLabel("Photos").SelectOptionAsync("20");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the sample job" }).ClickAsync();

        await page.WaitForURLAsync("**/dashboard/jobs/*");
        await Assertions.Expect(page.GetByText("20 of 20").First).ToBeVisibleAsync();
        Assert.All(browser.Requests, request => Assert.Equal(new Uri(gateway.Process.Url).Authority, request.Authority));
    }

    [Theory]
    [InlineData(true, "You are a guest here")]
    [InlineData(false, "Before others can reach this server")]
    public async Task The_first_page_of_a_server_without_keys_says_how_to_get_one(bool isGuest, string title)
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync(("ALLOW_ANONYMOUS", "lan"));
        var page = browser.Page;
        // Whoever comes through a proxy or the network of a container is not on the server's machine.
        if (isGuest) await page.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["X-Forwarded-For"] = "172.17.0.1" });

        await page.GotoAsync(gateway.Process.Url);

        var panel = page.GetByRole(AriaRole.Region, new() { Name = title });
        await Assertions.Expect(panel.GetByText("stashai keys create --name me --scope admin", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(
            panel.GetByText("docker compose exec stash-ai-server /app/stashai keys create --name me --scope admin")).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync($"begin-guest-{isGuest}");
    }

    [Fact]
    public async Task A_server_with_keys_says_at_the_login_where_they_come_from()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync(("API_KEYS", $"admin:{Key}"));
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url);

        await page.GetByText("Where do I get a key?").ClickAsync();

        await Assertions.Expect(page.GetByText("docker compose exec stash-ai-server /app/stashai keys create")).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
    }

    [Fact]
    public async Task A_key_logs_in_and_is_kept_where_no_script_reads_it()
    {
        await using var browser = await chromium.OpenAsync(ColorScheme.Dark, width: 1440);
        await using var gateway = await StartAsync(("API_KEYS", $"admin:{Key},read:{Reader}"));
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/dashboard/jobs?state=failed");
        await Assertions.Expect(Heading(page, "Log in")).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("login");

        await LogInAsync(page, "not-a-key-of-this-server");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not valid");
        await LogInAsync(page, Reader);

        var rail = page.GetByRole(AriaRole.Navigation).First;
        await Assertions.Expect(rail).ToContainTextAsync("Overview");
        await Assertions.Expect(page).ToHaveURLAsync(gateway.Process.Url + "/dashboard/jobs?state=failed");
        await Assertions.Expect(rail).Not.ToContainTextAsync("Submit");
        const string kept = "Object.values({ ...localStorage, ...sessionStorage }).join() + document.cookie";
        Assert.Equal("", await page.EvaluateAsync<string>(kept));
        Assert.DoesNotContain(browser.Requests, request => request.OriginalString.Contains(Reader, StringComparison.Ordinal));

        await rail.GetByRole(AriaRole.Button, new() { Name = "read" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Log out" }).ClickAsync();
        await Assertions.Expect(Heading(page, "Log in")).ToBeVisibleAsync();
        await LogInAsync(page, Key);
        await Assertions.Expect(rail).ToContainTextAsync("Submit");
        // What a browser says of every answer with this status; nothing else.
        Assert.All(browser.Complaints, complaint => Assert.Contains("401", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_killed_and_started_again_is_followed_without_help()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Json(NoFace);
        await gateway.SubmitAsync(["a"]);
        var page = browser.Page;
        var port = new Uri(gateway.Process.Url).Port;
        await page.GotoAsync(gateway.Process.Url);
        await Assertions.Expect(page.GetByText("live", new() { Exact = true }).First).ToBeVisibleAsync();

        await gateway.Process.KillAsync();

        var banner = page.GetByText("The server does not answer. This is");
        await Assertions.Expect(banner).ToBeVisibleAsync();
        await Assertions.Expect(Heading(page, "Overview")).ToBeVisibleAsync();
        await browser.PictureAsync("restarting");
        await gateway.ServeAsync(port);
        await Assertions.Expect(banner).ToBeHiddenAsync();
        await gateway.SubmitAsync(["b", "c"]);
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "Jobs by state" })).ToContainTextAsync("2");
    }

    [Fact]
    public async Task Keys_go_to_pages_and_the_palette_finds_them()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/dashboard/begin");
        await Assertions.Expect(Heading(page, "Begin")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("s");
        await page.WaitForURLAsync("**/dashboard/services");
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await Axe.AssertNothingFoundAsync(page);
        await page.Keyboard.TypeAsync("sett");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/dashboard/settings");
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Go to Jobs");
        await page.GoBackAsync();
        await page.WaitForURLAsync("**/dashboard/services");
        AssertQuiet(browser, gateway.Process.Url);
    }

    [Fact]
    public async Task Below_a_path_behind_nginx_the_page_is_live()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync(("TRUSTED_PROXIES", "127.0.0.1"), ("ALLOW_ANONYMOUS", "lan"));
        await using var proxy = await RealProxy.StartAsync("nginx", gateway.Process.Url);
        var page = browser.Page;

        await page.GotoAsync(proxy.Url + "/stashai/dashboard/settings");

        await Assertions.Expect(page.GetByText("live", new() { Exact = true }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Navigation).First.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).ClickAsync();
        await page.WaitForURLAsync("**/stashai/dashboard/jobs");
        AssertQuiet(browser, proxy.Url);
        Assert.All(browser.Requests, request => Assert.StartsWith("/stashai/", request.AbsolutePath, StringComparison.Ordinal));
    }

    private static async Task<ServedGateway> StartAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        var gateway = await ServedGateway.StartAsync(settings: settings);
        using var answer = await gateway.Http.GetAsync("/dashboard");
        var page = await answer.Content.ReadAsStringAsync();
        if (page.Contains("no dashboard", StringComparison.Ordinal))
        {
            await gateway.DisposeAsync();
            Assert.Skip("This build has no dashboard, because npm was missing.");
        }

        return gateway;
    }

    private static ILocator Heading(IPage page, string name) => page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    private static async Task LogInAsync(IPage page, string key)
    {
        await page.GetByLabel("API key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }

    /// <summary>It talked to its own server alone, and nothing was refused or broken.</summary>
    private static void AssertQuiet(BrowserPage browser, string url)
    {
        Assert.Equal([], browser.Complaints);
        Assert.All(browser.Requests, request => Assert.Equal(new Uri(url).Authority, request.Authority));
    }
}

using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Deployment;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>
/// How the pages look at every width, with names as people give them: long, without spaces, from right to left. What scripts can see of it:
/// <c>looks.js</c>. The pages are those of the router and the tabs of a job.
/// </summary>
public sealed class DashboardLooksTests(Chromium chromium)
{
    private const string LongName = "Urlaubsfotos_von_2009_bis_2024_und_alles_was_sonst_noch_auf_der_alten_Festplatte_war.tar.gz";

    private static readonly int[] Widths = [1440, 768, 390, 320];

    private static readonly string[] Tabs = ["tasks", "failures", "timeline", "config", "compare"];

    [Theory]
    [InlineData(ColorScheme.Light, "en-US")]
    [InlineData(ColorScheme.Dark, "de-DE")]
    public async Task Nothing_scrolls_sideways_is_cut_or_lies_on_something_else(ColorScheme scheme, string language)
    {
        await using var browser = await chromium.OpenAsync(scheme, width: 1440, language: language);
        await using var dashboard = await FilledDashboard.StartAsync();
        await FillAsync(dashboard);
        var page = browser.Page;
        var looks = Repository.Read("test/StashAI.EndToEnd.Tests/Browser/looks.js");
        var found = new List<string>();
        foreach (var address in dashboard.Pages.Concat(Tabs.Select(tab => $"/jobs/{dashboard.Job}?tab={tab}")))
        {
            await page.SetViewportSizeAsync(1440, 900);
            await DashboardPages.OpenAsync(page, $"{dashboard.Url}/dashboard{address}");
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                // Tables choose their columns by their width, after it changed.
                await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
                var faults = await page.EvaluateAsync<string[]>(looks);
                found.AddRange(faults.Distinct().Select(fault => $"{address} at {width} px: {fault}"));
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
        Assert.Equal(language[..2], await page.EvaluateAsync<string>("document.documentElement.lang"));
    }

    [Fact]
    public async Task Charts_have_their_colours_where_motion_is_reduced()
    {
        await using var browser = await chromium.OpenAsync();
        await using var dashboard = await FilledDashboard.StartAsync();
        var page = browser.Page;
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await DashboardPages.OpenAsync(page, dashboard.Url + "/dashboard");
        await Assertions.Expect(page.Locator(".overview-plot canvas").First).ToBeVisibleAsync();
        // A canvas has the colour of a line as it was asked of the page; this asks in the same way.
        var colour = await page.EvaluateAsync<string>(
            """
            () => {
              const place = document.querySelector('.overview-plot > div');
              place.style.color = 'rgb(1, 2, 3)';
              const colour = getComputedStyle(place).color;
              place.style.color = '';
              return colour;
            }
            """);

        Assert.Equal("rgb(1, 2, 3)", colour);
    }

    [Fact]
    public async Task A_text_that_is_cut_says_itself_on_hover()
    {
        await using var browser = await chromium.OpenAsync(width: 390);
        await using var dashboard = await FilledDashboard.StartAsync();
        await FillAsync(dashboard);
        var page = browser.Page;
        await DashboardPages.OpenAsync(page, dashboard.Url + "/dashboard/sessions");
        var cell = page.GetByRole(AriaRole.Gridcell).Filter(new() { HasText = LongName }).First;
        await cell.HoverAsync();

        await Assertions.Expect(cell).ToHaveAttributeAsync("title", LongName);
    }

    [Fact]
    public async Task A_page_that_is_opened_while_the_server_is_away_appears_when_it_is_back()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await FilledDashboard.StartAsync();
        var page = browser.Page;
        await page.RouteAsync("**/api/me", route => route.AbortAsync());
        await page.GotoAsync(dashboard.Url + "/dashboard/jobs");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The server does not answer" })).ToBeVisibleAsync();
        await page.UnrouteAsync("**/api/me");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Jobs" })).ToBeVisibleAsync();
    }

    private static async Task FillAsync(FilledDashboard dashboard)
    {
        foreach (var name in (string[])[LongName, "ترجمة النصوص القصيرة لموقع المتحف", "🎉 Sommerfest, Fotos von allen, die da waren ✨"])
        {
            await dashboard.PostAsync(
                "/api/visage/job",
                $$"""{"images":["{{Convert.ToBase64String([7, 0xFF, 0xD8])}}"],"config":{"job_name":"{{name}}","tags":["fest","familie","{{LongName[..60]}}"]} }""");
        }

        await dashboard.PostAsync("/api/sessions", $$"""{"session_id":"{{LongName}}","user_id":"{{LongName}}","page_views":3}""");
        await dashboard.PostAsync(
            "/api/interactions",
            $$"""
            [{"session_id":"{{LongName}}","user_id":"anna","action_type":"{{LongName[..60]}}","page_path":"/{{LongName}}"}]
            """);
    }
}

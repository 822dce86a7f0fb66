using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>
/// Pages that stay open for long, and very many tasks. The measurements run only with <c>--explicit only</c>; what they find goes to the
/// output of the test.
/// </summary>
public sealed class DashboardLoadTests(Chromium chromium, ITestOutputHelper output)
{
    /// <summary>What a page may keep of one update; its charts and lists grow by less.</summary>
    private const double MaxGrowthInBytes = 3e6;
    private const int MaxGrowthInNodes = 1_000;

    /// <summary>
    /// Notes in the page itself when its first rows come and when they are painted, from the begin of the navigation: a test that looks
    /// again and again would measure its own pauses.
    /// </summary>
    private const string WatchFirstRows =
        """
        new MutationObserver((_, watcher) => {
          if (document.querySelectorAll('[role=row][aria-rowindex]').length < 2) return;
          watcher.disconnect();
          performance.mark('rows');
          requestAnimationFrame(() => setTimeout(() => { window.paintedAt = performance.now(); }));
        }).observe(document, { childList: true, subtree: true });
        """;

    /// <summary>More do not warm a page up further: by then its lists keep no more of what comes.</summary>
    private const int MostWarmUps = 600;

    /// <summary>How long the pages stay open: <c>DASHBOARD_MINUTES</c>, else one.</summary>
    private static int Minutes => int.Parse(Environment.GetEnvironmentVariable("DASHBOARD_MINUTES") ?? "1", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("/jobs")]
    public Task Many_updates_leave_nothing_behind(string address) => UpdateAsync(address, updates: 60, TimeSpan.Zero);

    [Theory(Explicit = true)]
    [InlineData("")]
    [InlineData("/jobs")]
    [InlineData("/tasks")]
    public Task Five_updates_a_second_leave_nothing_behind(string address) =>
        UpdateAsync(address, updates: 300 * Minutes, TimeSpan.FromMilliseconds(200));

    /// <summary>
    /// <c>PAGES_DB</c> names a SQLite file of <c>StashAI.Bench pages --keep FILE</c>. Writes how long the first rows and a jump to the last
    /// loaded row take.
    /// </summary>
    [Theory(Explicit = true)]
    [InlineData("/jobs")]
    [InlineData("/tasks")]
    public async Task A_million_tasks_are_shown_and_scrolled(string address)
    {
        var database = Environment.GetEnvironmentVariable("PAGES_DB");
        Assert.SkipWhen(database is null, "PAGES_DB names no database.");
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await ServedGateway.StartAsync(prepare: data =>
        {
            File.Copy(database!, Path.Combine(data, "queue.db"));
            return Task.CompletedTask;
        });
        var page = browser.Page;
        var rows = page.Locator("[role=row][aria-rowindex]");
        await page.AddInitScriptAsync(WatchFirstRows);
        for (var round = 1; round <= 3; round++)
        {
            await DashboardPages.OpenAsync(page, gateway.Process.Url + "/dashboard/settings");
            await page.GotoAsync($"{gateway.Process.Url}/dashboard{address}");
            await Assertions.Expect(rows.Nth(1)).ToBeVisibleAsync();
            var (first, painted) = (
                await page.EvaluateAsync<double>("performance.getEntriesByName('rows')[0].startTime"),
                await page.EvaluateAsync<double>(
                    """
                    new Promise(done => {
                      const look = () => window.paintedAt ? done(window.paintedAt) : requestAnimationFrame(look);
                      look();
                    })
                    """));
            output.WriteLine($"{address}: first rows after {first:F0} ms, painted after {painted:F0} ms");
        }

        for (var jump = 1; jump <= 20; jump++)
        {
            var last = await LastRowAsync(page);
            var began = Stopwatch.GetTimestamp();
            await page.EvaluateAsync("document.querySelector('.table').scrollTo(0, 1e9)");
            await page.EvaluateAsync(
                """
                last => new Promise(done => {
                  const look = () => Math.max(...[...document.querySelectorAll('[aria-rowindex]')].map(row => +row.ariaRowIndex)) > last
                    ? done() : requestAnimationFrame(look);
                  look();
                })
                """,
                last);
            var took = Stopwatch.GetElapsedTime(began);
            output.WriteLine($"{address}: row {last} to {await LastRowAsync(page)} in {took.TotalMilliseconds:F0} ms");
        }

        Assert.True(await rows.CountAsync() < 200, "Rows that nobody sees are in the document.");
        Assert.Empty(browser.Complaints);
    }

    private static Task<int> LastRowAsync(IPage page) =>
        page.EvaluateAsync<int>("Math.max(...[...document.querySelectorAll('[aria-rowindex]')].map(row => +row.ariaRowIndex))");

    private async Task UpdateAsync(string address, int updates, TimeSpan every)
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await FilledDashboard.StartAsync();
        dashboard.Gateway.Visage.Script = _ => Reply.Json("""{"data":[[]]}""");
        var page = browser.Page;
        await DashboardPages.OpenAsync(page, $"{dashboard.Url}/dashboard{address}");
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("Performance.enable");
        // The first ones warm up: code is compiled and caches are filled.
        await SubmitAsync(dashboard, Math.Min(updates / 2, MostWarmUps), every);
        var before = await MeasureAsync(devtools);
        await SubmitAsync(dashboard, updates, every);
        var after = await MeasureAsync(devtools);
        output.WriteLine($"{address}: heap {before.Bytes / 1e6:F1} to {after.Bytes / 1e6:F1} MB, nodes {before.Nodes} to {after.Nodes}");
        Assert.InRange(after.Bytes - before.Bytes, double.NegativeInfinity, MaxGrowthInBytes);
        Assert.InRange(after.Nodes - before.Nodes, double.NegativeInfinity, MaxGrowthInNodes);
        Assert.Empty(browser.Complaints);
    }

    private static async Task SubmitAsync(FilledDashboard dashboard, int count, TimeSpan every)
    {
        using var pace = every == TimeSpan.Zero ? null : new PeriodicTimer(every);
        for (var i = 0; i < count; i++)
        {
            if (pace is not null) await pace.WaitForNextTickAsync(Cancellation);
            await dashboard.Gateway.SubmitAsync([$"update {i}"]);
        }
    }

    /// <summary>What the page holds after everything that nothing refers to is collected.</summary>
    private static async Task<(double Bytes, double Nodes)> MeasureAsync(ICDPSession devtools)
    {
        for (var i = 0; i < 3; i++) await devtools.SendAsync("HeapProfiler.collectGarbage");
        var metrics = (await devtools.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("value").GetDouble());
        return (metrics["JSHeapUsedSize"], metrics["Nodes"]);
    }
}

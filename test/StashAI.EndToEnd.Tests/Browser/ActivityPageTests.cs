using Microsoft.Playwright;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>Bulk operations, the audit log, and what users did, as the dashboard shows them.</summary>
public sealed class ActivityPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_bulk_operation_is_followed_and_what_was_changed_is_in_the_log()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await FilledDashboard.StartAsync();
        var page = browser.Page;
        await DashboardPages.OpenAsync(page, dashboard.Url + "/dashboard/activity");
        var operations = page.GetByRole(AriaRole.List, new() { Name = "Bulk operations" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(operations).ToHaveCountAsync(1);

        await dashboard.PostAsync("/api/bulk", """{"action":"pause","filter":{"service":"visage","state":["failed"]}}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "1 new" }).ClickAsync();
        await Assertions.Expect(operations).ToHaveCountAsync(2);
        await Assertions.Expect(operations.First).ToContainTextAsync("service:visage state:failed");
        await Axe.AssertNothingFoundAsync(page);

        // None takes long enough to be caught here: the page is told that this one still runs, and the server gets the real request.
        await page.RouteAsync("**/api/bulk?*", async route =>
        {
            var text = await (await route.FetchAsync()).TextAsync();
            await route.FulfillAsync(new()
            {
                ContentType = "application/json",
                Body = text.Replace("\"completed\"", "\"running\"", StringComparison.Ordinal),
            });
        });
        await Assertions.Expect(operations.First).ToContainTextAsync("found so far");
        await Axe.AssertNothingFoundAsync(page);
        var stopped = await page.RunAndWaitForResponseAsync(
            () => operations.First.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync(), "**/api/bulk/*/stop");
        Assert.Equal(200, stopped.Status);
        await page.UnrouteAllAsync();

        await page.GetByText("Audit log").ClickAsync();
        await page.WaitForURLAsync("**/activity?tab=audit");
        var entries = page.GetByRole(AriaRole.Grid, new() { Name = "Audit log" });
        await Assertions.Expect(entries).ToContainTextAsync("bulk");
        var filter = page.GetByRole(AriaRole.Textbox, new() { Name = "Filter" });
        await filter.FillAsync("action:nothing");
        await Assertions.Expect(page.GetByText("No change matches")).ToBeVisibleAsync();
        await filter.FillAsync("target_kind:bulk");
        await page.WaitForURLAsync("**/activity?tab=audit&target_kind=bulk");
        await Axe.AssertNothingFoundAsync(page);
        await entries.GetByRole(AriaRole.Link).First.ClickAsync();
        await page.WaitForURLAsync("**/activity?id=*");
        await Assertions.Expect(operations).ToHaveCountAsync(2);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task What_users_did_is_shown_by_session_and_by_action_and_grows_by_itself()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await FilledDashboard.StartAsync();
        var page = browser.Page;
        await DashboardPages.OpenAsync(page, dashboard.Url + "/dashboard/sessions");
        var actions = page.GetByRole(AriaRole.Region, new() { Name = "Actions over time" });
        await Assertions.Expect(actions.GetByRole(AriaRole.Row, new() { Name = "click" })).ToContainTextAsync("1");

        await page.GetByRole(AriaRole.Grid).GetByRole(AriaRole.Link, new() { Name = FilledDashboard.Session }).ClickAsync();
        await page.WaitForURLAsync("**/sessions?session_id=" + FilledDashboard.Session);
        await dashboard.ActAsync("click");
        await Assertions.Expect(actions).ToContainTextAsync("3 interactions");
        await page.GetByRole(AriaRole.Button, new() { Name = "1 new" }).ClickAsync();
        var rows = page.GetByRole(AriaRole.Grid, new() { Name = "Interactions" }).GetByRole(AriaRole.Row);
        await Assertions.Expect(rows).ToHaveCountAsync(1 + 3);
        await actions.GetByRole(AriaRole.Button, new() { Name = "view" }).ClickAsync();
        await page.WaitForURLAsync("**&action=view");
        await Assertions.Expect(rows).ToHaveCountAsync(1 + 1);
        await page.GetByRole(AriaRole.Button, new() { Name = "All sessions" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Grid, new() { Name = "Sessions" })).ToContainTextAsync("anna");
        await page.GoBackAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1 + 1);
        Assert.Empty(browser.Complaints);
    }
}

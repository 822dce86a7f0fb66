using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Faults;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Postgres;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>What people do with jobs and tasks on the dashboard, in a real browser against a running server.</summary>
public abstract class JobPagesTests(Chromium chromium, PostgresFixture? postgres)
{
    public sealed class OnSqlite(Chromium chromium) : JobPagesTests(chromium, null);

    public sealed class OnPostgres(Chromium chromium, PostgresFixture postgres) : JobPagesTests(chromium, postgres);

    private const string Key = "a-key-of-the-environment";
    private const string Reader = "another-key-of-the-environment";

    [Fact]
    public async Task One_group_of_failures_is_retried_and_the_other_stays()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        var isMended = false;
        gateway.Service.Script = call => call.Item switch
        {
            "torn" when !isMended => Refuse("torn paper"),
            "blank" => Refuse("nothing written"),
            _ => Reply.Json(FaultyGateway.Answer(call)),
        };
        var job = (await gateway.RunAsync(["fine", "torn", "blank"])).GetProperty("job_id").GetString()!;
        isMended = true;
        var page = browser.Page;
        await page.GotoAsync($"{gateway.Gateway.Process.Url}/dashboard/jobs/{job}?tab=failures");
        var torn = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "torn paper" });
        var blank = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "nothing written" });
        await Assertions.Expect(blank).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("failures");

        await torn.GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync();

        await Assertions.Expect(torn).ToBeHiddenAsync();
        await Assertions.Expect(blank).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Figures" })).ToContainTextAsync("2 of 3");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task An_input_is_mended_and_retried_and_the_result_appears()
    {
        await using var browser = await chromium.OpenAsync(ColorScheme.Dark, width: 1440);
        await using var gateway = await StartAsync();
        gateway.Service.Script = call => call.Item == "tpyo" ? Refuse("no such word") : Reply.Json(FaultyGateway.Answer(call));
        var job = (await gateway.RunAsync(["fine", "tpyo"])).GetProperty("job_id").GetString()!;
        var page = browser.Page;
        await page.GotoAsync($"{gateway.Gateway.Process.Url}/dashboard/jobs/{job}?tab=tasks&state=failed");
        await page.GetByRole(AriaRole.Link, new() { Name = "tpyo" }).ClickAsync();
        await page.WaitForURLAsync("**/dashboard/tasks/*");
        await Assertions.Expect(page.GetByText("HTTP 422")).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("task");

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit and retry" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Axe.AssertNothingFoundAsync(page);
        await Assertions.Expect(dialog.GetByLabel("Input")).ToBeFocusedAsync();
        await dialog.GetByLabel("Input").FillAsync("typo");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Run with this input" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Result" })).ToContainTextAsync("TYPO");
        await Assertions.Expect(page.GetByText("Input as it was submitted")).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Results_show_by_themselves_when_a_job_ends_that_nobody_has_touched()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        using var gate = new Gate();
        gateway.Service.Script = call => call.Item switch
        {
            "late" => Reply.Hold(gate, Reply.Json(FaultyGateway.Answer(call))),
            "torn" => Refuse("torn paper"),
            _ => Reply.Json(FaultyGateway.Answer(call)),
        };
        var job = await gateway.SubmitAsync(["late", "fine", "torn"]);
        var page = browser.Page;
        await page.GotoAsync($"{gateway.Gateway.Process.Url}/dashboard/jobs/{job}");
        var rows = page.GetByRole(AriaRole.Grid, new() { Name = "Results" }).Locator(".table-body .table-row");
        await Assertions.Expect(rows.Filter(new() { HasText = "FINE" })).ToBeVisibleAsync();

        gate.Open();

        await Assertions.Expect(rows.Filter(new() { HasText = "LATE" })).ToBeVisibleAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        var reason = rows.GetByRole(AriaRole.Gridcell).Filter(new() { HasText = "torn paper" });
        Assert.EndsWith("/ -1", await reason.EvaluateAsync<string>("one => one.style.gridColumn"), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_running_job_is_cancelled()
    {
        await using var browser = await chromium.OpenAsync(width: 390);
        await using var gateway = await StartAsync();
        using var gate = new Gate();
        gateway.Service.Script = call => Reply.Hold(gate, Reply.Json(FaultyGateway.Answer(call)));
        var job = await gateway.SubmitAsync(FaultyGateway.Items(8));
        var page = browser.Page;
        await page.GotoAsync($"{gateway.Gateway.Process.Url}/dashboard/jobs/{job}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("8 tasks do not run any more");
        await page.RunAndWaitForResponseAsync(
            () => dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync(),
            answer => answer.Url.Contains("/api/queue/cancel/", StringComparison.Ordinal));
        gate.Open();

        // The calls that ran were not taken back, so the job may be partly done.
        await Assertions.Expect(page.Locator("header .chip")).ToContainTextAsync(new Regex("cancelled|partly done"));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel job" })).ToBeHiddenAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task All_that_match_are_counted_first_and_then_retried()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        var isMended = false;
        gateway.Service.Script = call => isMended || call.Item == "fine" ? Reply.Json(FaultyGateway.Answer(call)) : Refuse("not now");
        for (var i = 0; i < 3; i++) await gateway.RunAsync(["fine", $"broken {i}"]);
        await gateway.RunAsync(["fine"]);
        isMended = true;
        var page = browser.Page;
        await page.GotoAsync(gateway.Gateway.Process.Url + "/dashboard/jobs?service=echo");
        await Assertions.Expect(page.GetByRole(AriaRole.Grid).GetByText("partly done")).ToHaveCountAsync(3);
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("jobs");
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Failed" }).GetByRole(AriaRole.Button).ClickAsync();
        await page.WaitForURLAsync("**sort=-failed**");
        await Assertions.Expect(page.GetByText("only jobs with failures, the most first")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Grid).GetByText("partly done")).ToHaveCountAsync(3);
        await Axe.AssertNothingFoundAsync(page);
        await page.GoBackAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Choose all that match" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry failed" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("Retry the failed tasks of 3 jobs?");
        await Axe.AssertNothingFoundAsync(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Retry failed" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Retry failed" })).ToContainTextAsync("3 of 3 · done");
        await Assertions.Expect(page.GetByRole(AriaRole.Grid).GetByText("partly done")).ToHaveCountAsync(0);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Who_only_reads_is_offered_no_act()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await ServedGateway.StartAsync(
            database: await DatabaseAsync(), settings: [("API_KEYS", $"admin:{Key},read:{Reader}")]);
        await SkipWithoutPagesAsync(gateway);
        gateway.Visage.Script = _ => Reply.Status(422);
        gateway.Http.DefaultRequestHeaders.Add("X-API-Key", Key);
        var job = (await gateway.SubmitAsync(["a", "b"])).GetProperty("job_id").GetString()!;
        using var end = new HttpRequestMessage(HttpMethod.Get, $"/api/queue/status/{job}") { Headers = { { "Prefer", "wait=60" } } };
        using var ended = await gateway.Http.SendAsync(end, TestContext.Current.CancellationToken);
        Assert.True(ended.IsSuccessStatusCode);
        var page = browser.Page;
        await page.GotoAsync($"{gateway.Process.Url}/dashboard/jobs/{job}?tab=failures");
        await page.GetByLabel("API key").FillAsync(Reader);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy as curl" })).ToBeVisibleAsync();
        await AssertNoActsAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Example" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Attempts" })).ToBeVisibleAsync();
        await AssertNoActsAsync(page);
        await page.GetByRole(AriaRole.Navigation).First.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Grid)).ToContainTextAsync("visage");
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(0);
        await AssertNoActsAsync(page);
    }

    [Fact]
    public async Task However_many_jobs_come_the_rows_stay_and_the_new_ones_wait()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        using var gate = new Gate();
        gateway.Service.Script = call => Reply.Hold(gate, Reply.Json(FaultyGateway.Answer(call)));
        for (var i = 0; i < 3; i++) await gateway.SubmitAsync([$"item {i}"]);
        var page = browser.Page;
        await page.GotoAsync(gateway.Gateway.Process.Url + "/dashboard/jobs");
        await Assertions.Expect(page.Locator(".table-body .table-row")).ToHaveCountAsync(3);
        await page.EvaluateAsync(
            """
            () => {
              const rows = () => [...document.querySelectorAll('.table-body a[href*="/jobs/"]')].map(
                link => `${link.href} ${link.getBoundingClientRect().top}`).join();
              const first = rows();
              window.jumps = 0;
              new MutationObserver(() => { if (rows() !== first) window.jumps++; })
                .observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
            }
            """);

        for (var i = 0; i < 25; i++) await gateway.SubmitAsync([$"more {i}"]);

        var news = page.GetByRole(AriaRole.Button, new() { Name = "25 new" });
        await Assertions.Expect(news).ToBeVisibleAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("window.jumps"));
        await news.ClickAsync();
        await Assertions.Expect(page.Locator(".table-body .table-row")).ToHaveCountAsync(28);
        gate.Open();
        await Assertions.Expect(page.GetByRole(AriaRole.Grid).GetByText("1/1")).ToHaveCountAsync(28);

        // Who comes back to the page reads nothing yet: it shows what there is now.
        await page.GetByRole(AriaRole.Link, new() { Name = "Services", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Services" })).ToBeVisibleAsync();
        await gateway.SubmitAsync(["late"]);
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".table-body .table-row")).ToHaveCountAsync(29);
        Assert.Empty(browser.Complaints);
    }

    private static Reply Refuse(string reason) => Reply.Json($$"""{"error":"{{reason}}"}""", 422);

    private static async Task AssertNoActsAsync(IPage page)
    {
        string[] acts = ["Retry", "Edit and retry", "Skip", "Cancel job", "Pause", "Retry failed", "Choose all that match"];
        foreach (var act in acts)
        {
            var button = page.GetByRole(AriaRole.Button, new() { Name = act, Exact = true });
            await Assertions.Expect(button).ToHaveCountAsync(0);
        }
    }

    private async Task<FaultyGateway> StartAsync()
    {
        var gateway = await FaultyGateway.StartAsync("    errors: {message: /error}", database: await DatabaseAsync());
        await SkipWithoutPagesAsync(gateway.Gateway);
        return gateway;
    }

    private async Task<PostgresDatabase?> DatabaseAsync() =>
        postgres is null ? null : await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);

    private static async Task SkipWithoutPagesAsync(ServedGateway gateway)
    {
        using var answer = await gateway.Http.GetAsync("/dashboard");
        if (!(await answer.Content.ReadAsStringAsync()).Contains("no dashboard", StringComparison.Ordinal)) return;
        await gateway.DisposeAsync();
        Assert.Skip("This build has no dashboard, because npm was missing.");
    }
}

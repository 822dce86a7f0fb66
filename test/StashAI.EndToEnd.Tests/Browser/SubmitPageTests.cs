using System.Text.Json;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>What people do with services and submits in the dashboard, in a real browser against a running server.</summary>
public abstract class SubmitPageTests(Chromium chromium, PostgresFixture? postgres)
{
    public sealed class OnSqlite(Chromium chromium) : SubmitPageTests(chromium, null);

    public sealed class OnPostgres(Chromium chromium, PostgresFixture postgres) : SubmitPageTests(chromium, postgres);

    private const string NoFace = """{"data":[[]]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_folder_is_submitted_after_its_quote_and_runs_to_the_end(ColorScheme scheme, int width)
    {
        await using var browser = await chromium.OpenAsync(scheme, width);
        await using var gateway = await StartAsync();
        using var folder = new TempFolder();
        gateway.Visage.Script = _ => Reply.Json(NoFace);
        await File.WriteAllTextAsync(Path.Combine(folder.Folder("holiday"), "one.jpg"), "one", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder.Folder("holiday", "day two"), "two.jpg"), "two", Cancellation);
        await File.WriteAllTextAsync(folder.File("holiday", ".hidden"), "hidden", Cancellation);
        await File.WriteAllTextAsync(folder.File("holiday", "empty.jpg"), "", Cancellation);
        await File.WriteAllTextAsync(folder.File("holiday", "notes.txt"), "notes", Cancellation);
        await File.WriteAllTextAsync(folder.File("holiday", "three.jpg"), "three", Cancellation);
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/dashboard/submit");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Choose a folder" })).ToBeVisibleAsync();

        await page.Locator("input[webkitdirectory]").SetInputFilesAsync(folder.File("holiday"));

        await Assertions.Expect(page.GetByText("2 files are left out")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("empty.jpg: it is empty")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("notes.txt: it is no picture")).ToBeVisibleAsync();
        await page.GetByText("All files", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave three.jpg out" }).ClickAsync();
        await Assertions.Expect(page.GetByText("3 files are left out")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("2 files,")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("day two/two.jpg, one.jpg")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Before the start" })).ToContainTextAsync("Cost");
        await Axe.AssertNothingFoundAsync(page);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await browser.PictureAsync($"submit-{width}-{scheme}");
        // Start is in reach above all that may stay empty, which is folded.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Start" })).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(page.GetByLabel("Tags", new() { Exact = true })).ToBeHiddenAsync();
        await page.GetByText("Options", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("0.5 unless given")).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await Assertions.Expect(page.GetByLabel("Name of the job")).ToHaveValueAsync("holiday");
        await page.GetByLabel("Name of the job").FillAsync("Holiday");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        var job = await EndOfShownJobAsync(page, gateway);

        Assert.Equal("Holiday", job.GetProperty("name").GetString());
        Assert.Equal(2, job.GetProperty("tasks").GetProperty("completed").GetInt32());
        AssertQuiet(browser, gateway.Process.Url);
    }

    [Fact]
    public async Task An_upload_goes_on_by_itself_after_a_broken_connection()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Json(NoFace);
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/dashboard/submit");
        var chunks = 0;
        await page.RouteAsync("**/api/uploads/*", async route =>
        {
            if (route.Request.Method == "PATCH" && ++chunks == 2) await route.AbortAsync("connectionreset");
            else await route.ContinueAsync();
        });
        using var folder = new TempFolder();
        for (var i = 0; i < 3; i++)
            await File.WriteAllBytesAsync(folder.File($"{i}.jpg"), Photo(i, 6_000_000), Cancellation);

        await page.Locator("input[type=file]:not([webkitdirectory])").First.SetInputFilesAsync(
            Enumerable.Range(0, 3).Select(i => folder.File($"{i}.jpg")));
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        var job = await EndOfShownJobAsync(page, gateway);

        Assert.Equal(3, job.GetProperty("tasks").GetProperty("total").GetInt32());
        Assert.True(chunks > 2, "The upload was not sent in chunks.");
    }

    [Fact]
    public async Task A_curl_command_becomes_a_service_that_takes_lines()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => Reply.Json("""{"translatedText":"La casa."}""");
        await using var gateway = await StartAsync();
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/dashboard/services?import=curl");

        await page.GetByLabel("curl command", new() { Exact = true }).FillAsync(
            $$"""curl {{service.Url}}/translate -H 'Content-Type: application/json' -d '{"q":"The house.","target":"es"}'""");
        await page.GetByLabel("Name of the service").FillAsync("house");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it once" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It worked.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Result" }).Locator("pre")).ToHaveTextAsync("\"La casa.\"");
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("import");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the service" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Saved house").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Declaration" }))
            .ToContainTextAsync("result: /translatedText");
        await page.GetByRole(AriaRole.Link, new() { Name = "Submit to it" }).ClickAsync();
        await page.WaitForURLAsync("**/dashboard/submit?service=house");
        await page.GetByLabel("Or paste lines").FillAsync("one\ntwo\nthree");
        await Assertions.Expect(page.GetByText("3 items").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        var job = await EndOfShownJobAsync(page, gateway);

        Assert.Equal(3, job.GetProperty("tasks").GetProperty("completed").GetInt32());
        AssertQuiet(browser, gateway.Process.Url);
    }

    [Fact]
    public async Task Errors_are_named_by_line_and_field_before_anything_is_sent()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/dashboard/submit?service=visage&operation=compare");

        await page.GetByLabel("Or paste lines").FillAsync(
            """
            {"person1":"Ann","person2":"Bob"}
            {"person1":7}
            {"persn2":"Bob"}
            """);

        await Assertions.Expect(page.GetByText("2 lines have errors")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Line 2, person1 must be a text")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Line 3, persn2 is not known")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Start" })).ToBeDisabledAsync();

        // Where an item is a photo or an object around one, a line of prose is neither.
        await page.GotoAsync(gateway.Process.Url + "/dashboard/submit?service=visage&operation=identify");
        await page.GetByLabel("Or paste lines").FillAsync("https://example.org/a.jpg\nnot json");
        await Assertions.Expect(page.GetByText("1 line has errors")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Line 2: the item must be a file")).ToBeVisibleAsync();
        Assert.DoesNotContain(browser.Requests, request => request.AbsolutePath.Contains("/batch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Limits_change_live_and_the_console_shows_request_and_answer()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Json(NoFace);
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/dashboard/services");
        await page.GetByRole(AriaRole.Link, new() { Name = "visage" }).ClickAsync();

        await page.GetByLabel("Calls at once").FillAsync("3");
        await page.GetByLabel("Allowed hours").FillAsync("7am-11pm");
        await Assertions.Expect(page.GetByText("two times of 24 hours, such as 07:00-23:00")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeDisabledAsync();
        await page.GetByLabel("Allowed hours").FillAsync("22:00-99:00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("could not be changed");
        await page.GetByLabel("Allowed hours").FillAsync("00:00-24:00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Limits changed")).ToBeVisibleAsync();
        Assert.Equal(3, (await gateway.GetAsync("/api/services/visage")).GetProperty("set").GetProperty("max_parallel").GetInt32());

        await page.GetByLabel("image").SetInputFilesAsync(
            new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = [1, 2, 3] });
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the call" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Request" })).ToContainTextAsync("POST");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Answer" })).ToContainTextAsync("data");
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("service");

        await page.GetByRole(AriaRole.Button, new() { Name = "Take the declaration again" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Calls at once")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_schedule_is_made_run_and_deleted()
    {
        await using var browser = await chromium.OpenAsync(ColorScheme.Dark, width: 1440);
        using var folder = new TempFolder();
        await using var gateway = await StartAsync(("ALLOWED_FOLDERS", folder.Path));
        gateway.Visage.Script = _ => Reply.Json(NoFace);
        await File.WriteAllTextAsync(folder.File("one.jpg"), "one", Cancellation);
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/dashboard/schedules");
        await page.GetByRole(AriaRole.Button, new() { Name = "New schedule" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("nightly");
        await dialog.GetByLabel("Path on the server").FillAsync(folder.Path);
        await Axe.AssertNothingFoundAsync(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "History" }).ClickAsync();
        var history = page.GetByRole(AriaRole.Region, new() { Name = "History: nightly" });
        await Assertions.Expect(history).ToContainTextAsync("submitted");
        await Assertions.Expect(history).ToContainTextAsync("1 item");
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("schedules");

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete: nightly" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("No schedules")).ToBeVisibleAsync();
    }

    private async Task<ServedGateway> StartAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        var gateway = await ServedGateway.StartAsync(
            database: postgres is null ? null : await postgres.CreateDatabaseAsync(Cancellation), settings: settings);
        var page = await gateway.Http.GetStringAsync("/dashboard", Cancellation);
        if (!page.Contains("no dashboard", StringComparison.Ordinal)) return gateway;
        await gateway.DisposeAsync();
        Assert.Skip("This build has no dashboard, because npm was missing.");
        return gateway;
    }

    /// <summary>Follows the job whose page is shown to its end.</summary>
    private static async Task<JsonElement> EndOfShownJobAsync(IPage page, ServedGateway gateway)
    {
        await page.WaitForURLAsync("**/dashboard/jobs/*");
        var id = new Uri(page.Url).Segments[^1];
        await gateway.EndOfAsync(id);
        return await gateway.GetAsync($"/api/jobs/{id}");
    }

    private static byte[] Photo(int number, int length)
    {
        var bytes = new byte[length];
        new Random(number).NextBytes(bytes);
        return bytes;
    }

    private static void AssertQuiet(BrowserPage browser, string url)
    {
        Assert.Empty(browser.Complaints);
        Assert.All(browser.Requests, request => Assert.Equal(new Uri(url).Authority, request.Authority));
    }
}

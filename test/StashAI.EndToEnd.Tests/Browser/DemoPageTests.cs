using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>The page `/demo`, with the client sample of the product's document, in a real browser against a running server.</summary>
public sealed class DemoPageTests(Chromium chromium, RealFiles files)
{
    private const string SampleSha256 = "20fe2c604df9a06ca192a8c97b8da9b6c8df6e4c259a272388cbafb45b18f2b9";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_is_served_as_the_document_has_it()
    {
        await using var gateway = await ServedGateway.StartAsync();

        var sample = await gateway.Http.GetByteArrayAsync("/demo/queue-monitor.js", Cancellation);

        Assert.Equal(SampleSha256, Convert.ToHexStringLower(SHA256.HashData(sample)));
    }

    [Theory]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("localhost", "127.0.0.1")]
    public async Task The_sample_opens_its_socket_under_either_name_of_this_machine(string page, string socket)
    {
        await using var browser = await chromium.OpenAsync();
        await using var gateway = await ServedGateway.StartAsync();
        var port = new Uri(gateway.Process.Url).Port;
        await browser.Page.GotoAsync($"http://{page}:{port}/demo");

        Assert.True(await browser.Page.EvaluateAsync<bool>(
            """
            address => new Promise(done => {
                const monitor = new QueueMonitor(address);
                monitor.ws.addEventListener('open', () => done(true));
                monitor.ws.addEventListener('error', () => done(false));
            })
            """,
            $"ws://{socket}:{port}"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_demo_job_reaches_the_bar_and_its_results_arrive_with_the_real_face_service(ColorScheme scheme)
    {
        files.SkipIfMissing();
        await using var browser = await chromium.OpenAsync(scheme);
        using var folder = new TempFolder();
        var photos = Directory.CreateDirectory(folder.File("data/demo/photos")).FullName;
        foreach (var photo in Directory.GetFiles(files.PhotosDirectory)) File.Copy(photo, Path.Combine(photos, Path.GetFileName(photo)));
        await using var server = await StashAIProcess.ServeAsync(
            folder.Path, ["--models", files.ModelsDirectory, "--visage-port", "0"], Cancellation);
        var page = browser.Page;
        await page.GotoAsync(server.Url + "/demo");
        await RecordBarAsync(page);

        await page.ClickAsync("#run");

        await Assertions.Expect(page.Locator("#job")).ToHaveTextAsync("All 5 photos are done");
        await Assertions.Expect(page.Locator("#results li.completed")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#faces")).Not.ToHaveTextAsync("0");
        var values = await BarAsync(page);
        Assert.Equal(100, values[^1]);
        Assert.Equal(values.Order(), values);
        await page.WaitForFunctionAsync(
            "[...document.querySelectorAll('#results img')].every(image => image.complete && image.naturalWidth > 0)");
        Assert.True(await page.Locator("#results .crops img").CountAsync() > 0);
        AssertQuiet(browser, server.Url);
        await browser.PictureAsync($"demo-{scheme}");
    }

    [Fact]
    public async Task The_bar_moves_while_photos_are_still_being_looked_at_and_a_failure_is_told()
    {
        await using var browser = await chromium.OpenAsync(width: 420);
        await using var gateway = await ServedGateway.StartAsync(workers: 1);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number switch
        {
            <= 2 => Reply.Json("""{"data":[[]]}"""),
            3 => Reply.Hold(gate, Reply.Status(422)),
            _ => Reply.Json("""{"data":[[{"confidence":0.9,"performers":[{"id":"1","name":"Ann <b>","confidence":87}]}]]}"""),
        };
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/demo");

        await page.ClickAsync("#run");

        await Assertions.Expect(page.Locator("#progress")).ToHaveJSPropertyAsync("value", 40);
        await Assertions.Expect(page.Locator("#results li.completed")).ToHaveCountAsync(2);
        await browser.PictureAsync("demo-running");
        gate.Open();
        await Assertions.Expect(page.Locator("#job")).ToHaveTextAsync("4 of 5 photos are done");
        await Assertions.Expect(page.Locator("#progress")).ToHaveJSPropertyAsync("value", 80);
        await Assertions.Expect(page.Locator("#results li.failed")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#results li").Nth(3)).ToContainTextAsync("Ann <b> 87 %");
        AssertQuiet(browser, gateway.Process.Url);
        await browser.PictureAsync("demo-failure");
    }

    [Fact]
    public async Task Photos_of_ones_own_go_through_the_sample()
    {
        await using var browser = await chromium.OpenAsync();
        await using var gateway = await ServedGateway.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("""{"data":[[]]}""");
        var page = browser.Page;
        await page.GotoAsync(gateway.Process.Url + "/demo");
        await Assertions.Expect(page.Locator("#run")).ToBeEnabledAsync();

        await page.SetInputFilesAsync(
            "#own", [new FilePayload { Name = "a.png", MimeType = "image/png", Buffer = "mine"u8.ToArray() }]);

        await Assertions.Expect(page.Locator("#job")).ToHaveTextAsync("The photo is done");
        Assert.Equal("mine", Assert.Single(gateway.Visage.Ledger.Items));
    }

    /// <summary>Notes each value that the sample gives the bar.</summary>
    private static async Task RecordBarAsync(IPage page) => await page.EvaluateAsync(
        "() => { const bar = document.getElementById('progress'); window.values = [];"
        + "new MutationObserver(() => window.values.push(bar.value)).observe(bar, { attributes: true }); }");

    private static async Task<double[]> BarAsync(IPage page) =>
        (await page.EvaluateAsync<JsonElement>("window.values")).EnumerateArray().Select(value => value.GetDouble()).ToArray();

    /// <summary>It talked to its own server alone, and nothing was refused or broken.</summary>
    private static void AssertQuiet(BrowserPage browser, string url)
    {
        Assert.Empty(browser.Complaints);
        Assert.All(browser.Requests, request => Assert.Equal(new Uri(url).Authority, request.Authority));
    }
}

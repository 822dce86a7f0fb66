using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>How the results of operations that are not about single photos are shown, in a real browser against a running server.</summary>
public sealed class ViewPagesTests(Chromium chromium)
{
    /// <summary>A picture of one pixel.</summary>
    private const string Picture =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private const string Ann = """{"id":"0199f0a2-0000-7000-8000-00000000000a","name":"Ann","confidence":98,"cosine":0.7}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_video_shows_who_is_seen_when(ColorScheme scheme, int width)
    {
        await using var browser = await chromium.OpenAsync(scheme, width);
        await using var gateway = await StartAsync();
        gateway.Visage.Script = _ => Reply.Json(
            $$"""
            {"cover":{"attached":false,"time":10,"image":"{{Picture}}","image_width":1,"image_height":1,"faces":[]},
             "frames":[{"start":0,"end":10,"faces":[{"image":"{{Picture}}","performers":[]}]},
                       {"start":10,"end":20,"faces":[{"image":"{{Picture}}","performers":[{{Ann}}]}]},
                       {"start":75,"end":85,"faces":[{"image":"{{Picture}}","performers":[{{Ann}}]}]}],
             "people":[],"duration":90,"image_width":1,"image_height":1,"incomplete":false,"threshold_cosine":0.45}
            """);
        var job = await RunAsync(gateway, "video", """{"items":[{"video":"YQ==","item_name":"summer.mp4"}]}""");
        var page = browser.Page;

        await page.GotoAsync($"{gateway.Process.Url}/dashboard/jobs/{job}");

        await Assertions.Expect(page.GetByLabel("Show as")).ToHaveValueAsync("video");
        var ann = page.GetByRole(AriaRole.Listitem).Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = "Ann" }) }).Last;
        await Assertions.Expect(ann.GetByRole(AriaRole.Button)).ToHaveTextAsync(["0:10", "1:15"]);
        await Assertions.Expect(page.GetByText("Nobody known")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "summer.mp4" })).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        Assert.False(await DashboardPages.ScrollsSidewaysAsync(page));
        await browser.PictureAsync($"view-video-{width}");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Pairs_show_their_photos_and_the_answer(ColorScheme scheme, int width)
    {
        await using var browser = await chromium.OpenAsync(scheme, width);
        await using var gateway = await StartAsync();
        gateway.Visage.Script = call => Reply.Json(call.Number switch
        {
            1 => """{"data":{"similarity":0.71,"confidence":99,"is_match":true,"faces1":1,"faces2":3},"threshold_cosine":0.45}""",
            2 => """{"data":{"similarity":0.1,"confidence":1,"is_match":false,"person1":"Ann","faces2":1},"threshold_cosine":0.45}""",
            _ => """{"data":{"similarity":0,"confidence":0,"is_match":false,"faces1":0,"faces2":1},"threshold_cosine":0.45}""",
        });
        var job = await RunAsync(
            gateway, "compare",
            $$"""
            {"items":[{"image1":"{{Picture}}","image2":"{{Picture}}"},{"person1":"Ann","image2":"{{Picture}}"},
                      {"image1":"{{Picture}}","image2":"{{Picture}}"}],"config":{"max_parallel":1} }
            """);
        var page = browser.Page;

        await page.GotoAsync($"{gateway.Process.Url}/dashboard/jobs/{job}");

        await Assertions.Expect(page.GetByLabel("Show as")).ToHaveValueAsync("comparison");
        var first = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Similarity 0.71" });
        await Assertions.Expect(first).ToContainTextAsync("The same person");
        await Assertions.Expect(first.GetByRole(AriaRole.Img)).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByText("Not the same person")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("No face on the first photo")).ToBeVisibleAsync();
        await ShowsPhotosAsync(page, 5);
        await Axe.AssertNothingFoundAsync(page);
        Assert.False(await DashboardPages.ScrollsSidewaysAsync(page));
        Assert.Empty(browser.Complaints);
        await browser.PictureAsync($"view-comparison-{width}");
    }

    [Fact]
    public async Task A_target_with_many_shows_the_most_alike_first()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var gateway = await StartAsync();
        gateway.Visage.Script = call => Reply.Json(call.Number == 2
            ? """{"data":{"similarity":0.8,"confidence":99,"is_match":true,"faces1":1,"faces2":1},"threshold_cosine":0.45}"""
            : """{"data":{"similarity":0.2,"confidence":1,"is_match":false,"faces1":1,"faces2":1},"threshold_cosine":0.45}""");
        var job = await RunAsync(
            gateway, "one-to-many",
            $$"""
            {"target":"{{Picture}}","items":[{"image":"{{Picture}}","item_name":"a.png"},{"image":"{{Picture}}","item_name":"b.png"}],
             "config":{"max_parallel":1} }
            """);
        var page = browser.Page;

        await page.GotoAsync($"{gateway.Process.Url}/dashboard/jobs/{job}");

        var ranking = page.GetByRole(AriaRole.Region, new() { Name = "The most alike first" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(ranking).ToHaveTextAsync(["b.pngThe same person0.8", "a.pngNot the same person0.2"]);
        await ShowsPhotosAsync(page, 4);
        await Axe.AssertNothingFoundAsync(page);
        Assert.Empty(browser.Complaints);
        await browser.PictureAsync("view-ranking");
    }

    /// <summary>Waits for the photos. The page's own policy forbids what a wait for a function does from the second look on.</summary>
    private static async Task ShowsPhotosAsync(IPage page, int count)
    {
        await Assertions.Expect(page.Locator(".comparison img")).ToHaveCountAsync(count);
        await page.EvaluateAsync("() => Promise.all([...document.querySelectorAll('.comparison img')].map(image => image.decode()))");
    }

    private static async Task<ServedGateway> StartAsync()
    {
        var gateway = await ServedGateway.StartAsync(workers: 1);
        if ((await gateway.Http.GetStringAsync("/dashboard", Cancellation)).Contains("no dashboard", StringComparison.Ordinal))
        {
            await gateway.DisposeAsync();
            Assert.Skip("This build has no dashboard, because npm was missing.");
        }

        return gateway;
    }

    /// <summary>Runs a job to its end.</summary>
    private static async Task<string> RunAsync(ServedGateway gateway, string operation, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/visage/batch/{operation}");
        request.Content = new StringContent(json, null, "application/json");
        request.Headers.Add("Prefer", "wait=60");
        using var response = await gateway.Http.SendAsync(request, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(response.IsSuccessStatusCode, answer.GetRawText());
        return answer.GetProperty("job_id").GetString()!;
    }
}

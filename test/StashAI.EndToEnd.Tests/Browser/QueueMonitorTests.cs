using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>The client sample of the product's document, unchanged, in a page of a real browser against a running server.</summary>
public sealed class QueueMonitorTests(Chromium chromium, RealFiles files)
{
    private const string SampleSha256 = "20fe2c604df9a06ca192a8c97b8da9b6c8df6e4c259a272388cbafb45b18f2b9";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_is_as_the_document_has_it() =>
        Assert.Equal(SampleSha256, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Sample, Cancellation))));

    [Theory]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("localhost", "127.0.0.1")]
    public async Task It_opens_its_socket_under_either_name_of_this_machine(string page, string socket)
    {
        await using var browser = await chromium.OpenAsync();
        await using var gateway = await ServedGateway.StartAsync();
        var port = new Uri(gateway.Process.Url).Port;

        await OpenAsync(browser.Page, $"http://{page}:{port}", $"ws://{socket}:{port}");

        await browser.Page.WaitForFunctionAsync("said.some(one => one.type === 'connection_established')");
    }

    [Fact]
    public async Task A_demo_job_reaches_its_bar_and_the_results_arrive_with_the_real_face_service()
    {
        files.SkipIfMissing();
        await using var browser = await chromium.OpenAsync();
        using var folder = new TempFolder();
        var photos = Directory.CreateDirectory(folder.File("data/demo/photos")).FullName;
        foreach (var photo in Directory.GetFiles(files.PhotosDirectory)) File.Copy(photo, Path.Combine(photos, Path.GetFileName(photo)));
        await using var server = await StashAIProcess.ServeAsync(
            folder.Path, ["--models", files.ModelsDirectory, "--visage-port", "0"], Cancellation);
        var page = browser.Page;
        await OpenAsync(page, server.Url, Socket(server.Url));

        await page.EvaluateAsync(
            """
            async () => {
                const answer = await fetch('/api/demo/visage/job', {
                    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"demo_task_count":5}',
                });
                const job = await answer.json();
                monitor.subscribeToJob(job.job_id);
                for (const task of job.task_ids) monitor.subscribeToTask(task);
            }
            """);

        await Assertions.Expect(page.Locator("#progress")).ToHaveJSPropertyAsync("value", 100);
        await page.WaitForFunctionAsync("said.filter(one => one.type === 'task_status' && one.output_json?.data).length >= 5");
        var values = (await page.EvaluateAsync<JsonElement>("values")).EnumerateArray().Select(value => value.GetDouble()).ToArray();
        Assert.Equal(values.Order(), values);
        Assert.True(await page.EvaluateAsync<bool>("said.some(one => one.output_json?.data?.[0]?.length > 0)"));
    }

    [Fact]
    public async Task The_bar_moves_while_photos_are_still_being_looked_at_and_a_failure_is_told()
    {
        await using var browser = await chromium.OpenAsync();
        await using var gateway = await ServedGateway.StartAsync(workers: 1);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number switch
        {
            <= 2 => Reply.Json("""{"data":[[]]}"""),
            3 => Reply.Hold(gate, Reply.Status(422)),
            _ => Reply.Json("""{"data":[[]]}"""),
        };
        var page = browser.Page;
        await OpenAsync(page, gateway.Process.Url, Socket(gateway.Process.Url));

        await page.EvaluateAsync("() => monitor.createAndMonitorVisageJob(['YQ==', 'Yg==', 'Yw==', 'ZA==', 'ZQ=='])");

        await Assertions.Expect(page.Locator("#progress")).ToHaveJSPropertyAsync("value", 40);
        gate.Open();
        await Assertions.Expect(page.Locator("#progress")).ToHaveJSPropertyAsync("value", 80);
        await page.WaitForFunctionAsync(
            "said.some(one => one.type === 'job_progress' && one.status === 'partial' && one.failed_tasks === 1)");
    }

    [Fact]
    public async Task Photos_of_ones_own_go_through_it()
    {
        await using var browser = await chromium.OpenAsync();
        await using var gateway = await ServedGateway.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("""{"data":[[]]}""");
        var page = browser.Page;
        await OpenAsync(page, gateway.Process.Url, Socket(gateway.Process.Url));

        await page.EvaluateAsync("() => monitor.createAndMonitorVisageJob([btoa('mine')])");

        await Assertions.Expect(page.Locator("#progress")).ToHaveJSPropertyAsync("value", 100);
        Assert.Equal("mine", Assert.Single(gateway.Visage.Ledger.Items));
    }

    private static string Sample =>
        Path.Combine(Repository.Folder, "test", "StashAI.EndToEnd.Tests", "Browser", "queue-monitor.js");

    private static string Socket(string url) => url.Replace("http", "ws", StringComparison.Ordinal);

    /// <summary>
    /// Opens a page of the server's own origin and gives it the sample and its bar, and waits until the socket is open. <c>said</c> is what
    /// came, <c>values</c> what the sample gave the bar.
    /// </summary>
    private static async Task OpenAsync(IPage page, string origin, string socket)
    {
        var sample = await File.ReadAllTextAsync(Sample, Cancellation);
        // A page that the test would answer itself counts as one of another network, from which browsers refuse sockets to this machine.
        await page.GotoAsync(origin + "/health/live");
        await page.SetContentAsync(
            $$"""
            <!doctype html><title>Monitor</title><link rel=icon href=data:,><progress id="progress" max="100" value="0"></progress>
            <script>{{sample}}</script>
            <script>
                const said = [], values = [], bar = document.getElementById('progress');
                const connect = address => new Promise((done, fail) => {
                    globalThis.monitor = new QueueMonitor(address);
                    monitor.ws.addEventListener('message', event => said.push(JSON.parse(event.data)));
                    monitor.ws.addEventListener('open', done);
                    monitor.ws.addEventListener('error', fail);
                });
                new MutationObserver(() => values.push(bar.value)).observe(bar, { attributes: true });
            </script>
            """);
        await page.EvaluateAsync("address => connect(address).then(() => true)", socket);
    }
}

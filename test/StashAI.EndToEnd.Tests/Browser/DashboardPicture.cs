using System.Collections.Concurrent;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>
/// Makes the picture of the dashboard in README.md, from a real server. It shows no photos. Its charts are of an hour, so jobs run for most
/// of one before it is taken. Run it after a change of the overview:
/// <c>dotnet run -c Release --project test/StashAI.EndToEnd.Tests -- --explicit only --filter-class "*DashboardPicture"</c>.
/// </summary>
public sealed class DashboardPicture(Chromium chromium)
{
    private const string File = "docs/images/dashboard.png";
    private const string NoFace = """{"data":[[]]}""";

    // Time is what the charts show; nothing is waited for.
    private static readonly TimeSpan BetweenJobs = TimeSpan.FromSeconds(45);

    /// <summary>What is done before the picture is taken: names of jobs, which come again with other numbers of photos.</summary>
    private static readonly string[] Earlier =
        ["Garden party", "Birthday of Ann", "Autumn walk", "Choir", "Skiing", "Old album", "Class reunion"];

    /// <summary>What runs on the picture.</summary>
    private static readonly (string Name, int Photos)[] Running =
        [("Wedding of Kim and Robin", 60), ("Holiday in the mountains", 120), ("Scans of 1998", 80)];

    private readonly ConcurrentQueue<Task> answers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData(55)]
    public async Task The_overview_of_README(int jobs)
    {
        await using var browser = await chromium.OpenAsync(width: 1440, height: 900);
        await using var dashboard = await FilledDashboard.StartAsync();
        var ledger = dashboard.Gateway.Visage.Ledger;
        dashboard.Gateway.Visage.Script = Answer;
        for (var i = 0; i < jobs; i++)
        {
            // More and less to do, as on any day.
            await SubmitAsync(dashboard, Earlier[i % Earlier.Length], 20 + (i * 37 % 71));
            await Task.Delay(BetweenJobs, TimeProvider.System, Cancellation);
        }

        using var gate = new Gate();
        var first = ledger.Calls.Count;
        dashboard.Gateway.Visage.Script = call => call.Number < first + 130 ? Answer(call) : Reply.Hold(gate, Reply.Json(NoFace));
        foreach (var (name, photos) in Running) await SubmitAsync(dashboard, name, photos);
        await ledger.WaitForCallsInFlightAsync(4, Cancellation);
        await ledger.WaitForCallsAsync(first + 130, Cancellation);
        await DashboardPages.OpenAsync(browser.Page, dashboard.Url + "/dashboard");
        await Assertions.Expect(browser.Page.GetByText("live", new() { Exact = true }).First).ToBeVisibleAsync();
        await Assertions.Expect(browser.Page.GetByText("No calls in this time.")).ToHaveCountAsync(0);
        await browser.Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Folder, File) });
        gate.Open();
        await Task.WhenAll(answers);
    }

    private static async Task SubmitAsync(FilledDashboard dashboard, string name, int photos)
    {
        var images = string.Join(',', Enumerable.Range(0, photos).Select(i => $"\"{Convert.ToBase64String([(byte)i, 0xFF, 0xD8])}\""));
        await dashboard.PostAsync("/api/visage/job", $$"""{"images":[{{images}}],"config":{"job_name":"{{name}}"} }""");
    }

    /// <summary>Some photos take longer, some answers are to be asked for again, and a few photos are none.</summary>
    private Reply Answer(ScriptedCall call)
    {
        if (call.Number % 90 == 0) return Reply.Status(422);
        if (call.Number % 70 == 0) return Reply.Status(503);
        var gate = new Gate();
        answers.Enqueue(OpenAsync(gate, TimeSpan.FromMilliseconds(120 + (call.Number * 7919 % 350))));
        return Reply.Hold(gate, Reply.Json(NoFace));
    }

    private static async Task OpenAsync(Gate gate, TimeSpan after)
    {
        await Task.Delay(after, TimeProvider.System, Cancellation);
        gate.Open();
    }
}

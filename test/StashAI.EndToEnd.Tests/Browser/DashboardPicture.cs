using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>
/// Makes the picture of the dashboard in README.md, from a real server. It shows no photos. Run it after a change of the overview:
/// <c>dotnet run -c Release --project test/StashAI.EndToEnd.Tests -- --explicit only --filter-class "*DashboardPicture"</c>.
/// </summary>
public sealed class DashboardPicture(Chromium chromium)
{
    private const string File = "docs/images/dashboard.png";

    private static readonly (string Name, int Photos)[] Jobs =
        [("Summer 2024", 40), ("Wedding of Kim and Robin", 60), ("Holiday in the mountains", 120), ("Scans of 1998", 80)];

    [Fact(Explicit = true)]
    public async Task The_overview_of_README()
    {
        await using var browser = await chromium.OpenAsync(width: 1440, height: 900);
        await using var dashboard = await FilledDashboard.StartAsync();
        using var gate = new Gate();
        var first = dashboard.Gateway.Visage.Ledger.Calls.Count;
        dashboard.Gateway.Visage.Script = call => call.Number < first + 170
            ? call.Number % 40 == 0 ? Reply.Status(422) : Reply.Json("""{"data":[[]]}""")
            : Reply.Hold(gate, Reply.Json("""{"data":[[]]}"""));
        foreach (var (name, count) in Jobs)
        {
            var images = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{Convert.ToBase64String([(byte)i, 0xFF, 0xD8])}\""));
            await dashboard.PostAsync("/api/visage/job", $$"""{"images":[{{images}}],"config":{"job_name":"{{name}}"} }""");
        }

        await dashboard.Gateway.Visage.Ledger.WaitForCallsInFlightAsync(4, TestContext.Current.CancellationToken);
        await DashboardPages.OpenAsync(browser.Page, dashboard.Url + "/dashboard");
        await Assertions.Expect(browser.Page.GetByText("live", new() { Exact = true }).First).ToBeVisibleAsync();
        await browser.Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Folder, File) });
        gate.Open();
    }
}

using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Postgres;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>A running server with a little of everything, and the addresses of all pages of its dashboard, which its router has.</summary>
internal sealed partial class FilledDashboard : IAsyncDisposable
{
    public const string Admin = "a-key-of-the-environment";
    public const string Reader = "another-key-of-the-environment";
    public const string Session = "a-session";

    /// <summary>Turns on keys: <see cref="Admin"/> and <see cref="Reader"/>.</summary>
    public static readonly (string Name, string Value) Keys = ("API_KEYS", $"admin:{Admin},read:{Reader}");

    private FilledDashboard(ServedGateway gateway) => Gateway = gateway;

    public ServedGateway Gateway { get; }

    public string Url => Gateway.Process.Url;

    /// <summary>Of every page, below <c>/dashboard</c>: with a real job, task and service; a person that nobody knows.</summary>
    public IReadOnlyList<string> Pages { get; private set; } = [];

    public string Job { get; private set; } = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FilledDashboard> StartAsync(
        PostgresDatabase? database = null, params IEnumerable<(string Name, string Value)> settings)
    {
        var gateway = await ServedGateway.StartAsync(database: database, settings: settings);
        var filled = new FilledDashboard(gateway);
        try
        {
            if ((await gateway.Http.GetStringAsync("/dashboard", Cancellation)).Contains("no dashboard", StringComparison.Ordinal))
                Assert.Skip("This build has no dashboard, because npm was missing.");
            filled.UseKey();
            await filled.FillAsync();
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }

        return filled;
    }

    /// <summary>Starts the server again at the same address.</summary>
    public async Task RestartAsync()
    {
        await Gateway.ServeAsync(new Uri(Url).Port);
        UseKey();
    }

    /// <summary>Records what a user did.</summary>
    public Task ActAsync(string action) =>
        PostAsync("/api/interactions", $$"""[{"session_id":"{{Session}}","user_id":"anna","action_type":"{{action}}","page_path":"/a"}]""");

    public async Task PostAsync(string path, string json)
    {
        using var content = new StringContent(json, null, "application/json");
        using var response = await Gateway.Http.PostAsync(path, content, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    private void UseKey()
    {
        if (Gateway.Settings.ContainsKey(Keys.Name)) Gateway.Http.DefaultRequestHeaders.Authorization = new("Bearer", Admin);
    }

    private async Task FillAsync()
    {
        Gateway.Visage.Script = call => call.Number % 3 == 2 ? Reply.Status(422) : Reply.Json("""{"data":[[]]}""");
        var accepted = await Gateway.SubmitAsync(["a", "b", "c"]);
        Job = accepted.GetProperty("job_id").GetString()!;
        var task = accepted.GetProperty("task_ids")[0].GetString()!;
        await PostAsync("/api/sessions", $$"""{"session_id":"{{Session}}","user_id":"anna","page_views":3}""");
        await ActAsync("click");
        await ActAsync("view");
        await PostAsync("/api/bulk", """{"action":"priority","priority":7,"filter":{"service":"visage"}}""");
        Pages = [.. PageOfRouter().Matches(Repository.Read("web/dashboard/src/app/router.tsx")).Select(page => page.Groups[1].Value
            .Replace("$jobId", Job, StringComparison.Ordinal)
            .Replace("$taskId", task, StringComparison.Ordinal)
            .Replace("$service", "visage", StringComparison.Ordinal)
            .Replace("$personId", Guid.Empty.ToString(), StringComparison.Ordinal)
            .TrimEnd('/'))];
        Assert.True(Pages.Count >= 15, "The router of the dashboard is written in another way.");
        Assert.DoesNotContain(Pages, page => page.Contains('$', StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^  at\('([^']+)'", RegexOptions.Multiline)]
    private static partial Regex PageOfRouter();
}

using System.CommandLine;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Remote;

/// <summary>Opens pages of the server: those of its dashboard, or what the API answers where it has none.</summary>
internal static class WebPages
{
    /// <summary>The feature of a server with pages for people.</summary>
    private const string Dashboard = "dashboard";

    public static Option<bool> Flag() =>
        new("--web") { Description = "Open the page of it in a browser, or print its address where there is no browser." };

    /// <param name="call">The run.</param>
    /// <param name="page">The path and query of the dashboard's page.</param>
    /// <param name="answer">The path and query that shows the same on a server without a dashboard.</param>
    /// <param name="cancellationToken">Ends the question whether the server has one.</param>
    public static async Task<int> OpenAsync(RemoteCall call, string page, string answer, CancellationToken cancellationToken)
    {
        var address = new Uri(call.Client.Server, await HasDashboardAsync(call, cancellationToken) ? page : answer);
        if (call.Json is { } json)
        {
            await json.WriteAsync(call.Output, new JsonObject { ["url"] = address.AbsoluteUri });
            return ExitCodes.Success;
        }

        if (call.Surroundings.Browser is { } browser && browser.Open(address)) await call.SayAsync($"Opened {address.AbsoluteUri}.");
        else await call.Output.WriteLineAsync(address.AbsoluteUri);
        return ExitCodes.Success;
    }

    /// <summary>A path with a query, if there is one.</summary>
    public static string WithQuery(string path, string query) => query.Length == 0 ? path : $"{path}?{query}";

    private static async Task<bool> HasDashboardAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        try
        {
            return (await call.Client.MeAsync(cancellationToken)).Features.Contains(Dashboard);
        }
        catch (StashOutdatedServerException)
        {
            return false;
        }
    }
}

using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Tests.Access;

/// <summary>Walks through the tables of SECURITY.md: every route of the server, asked by everybody that the tables name.</summary>
public sealed partial class RoleTableTests
{
    private const string Open = "nothing";

    private static readonly string[] Scopes = [Open, "read", "submit", "operate", "admin"];

    private static readonly string[] AnyMethod = ["GET"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_has_a_row_and_every_row_a_route()
    {
        await using var gateway = await GatewayHost.StartAsync();

        var rows = Rows();
        Assert.Equal(
            [.. rows.Keys.Order(StringComparer.Ordinal)],
            Routes(gateway).Select(route => RowOf(rows, route)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Everybody_gets_what_the_tables_say_and_nothing_else()
    {
        var callers = Callers();
        var rows = Rows();
        Assert.Equal(
            [
                "nobody, from elsewhere",
                "nobody, from elsewhere, with `ALLOW_ANONYMOUS=lan`",
                "nobody, on this machine, once there is a key",
                "nobody, on this machine, while there are no keys",
                "the scope `admin`", "the scope `operate`", "the scope `read`", "the scope `submit`", "a ticket of any key"],
            callers.Keys.Order(StringComparer.Ordinal).Where(caller => caller != "a ticket of any key").Append("a ticket of any key"));

        foreach (var hasKeys in (bool[])[false, true])
        {
            foreach (var isLan in (bool[])[false, true])
            {
                var keys = new Dictionary<string, string>();
                await using var gateway = await GatewayHost.StartAsync(
                    new() { ["ALLOW_ANONYMOUS"] = isLan ? "lan" : "" },
                    prepare: async store =>
                    {
                        foreach (var scope in hasKeys ? Enum.GetValues<ApiScope>() : [])
                            keys[$"the scope `{ApiScopeWords.Of(scope)}`"] = await AccessTests.AddAsync(store.ApiKeys, scope);
                    });
                foreach (var (caller, allowed) in callers.Where(caller => IsThere(caller.Key, hasKeys, isLan)))
                {
                    foreach (var route in Routes(gateway))
                    {
                        var (needed, isLive) = (rows[RowOf(rows, route)], route.Name is "GET /ws/{session_id}" or "GET /api/events");
                        var isExpected = needed == Open || (caller.StartsWith("a ticket", StringComparison.Ordinal)
                            ? isLive
                            : Array.IndexOf(Scopes, allowed) >= Array.IndexOf(Scopes, needed));
                        var (status, text) = await AskAsync(gateway, route, caller, keys);
                        // The form of OpenAI's errors has the word with an underscore.
                        var isScope = text.Replace('_', '-').Contains("insufficient-scope", StringComparison.Ordinal);
                        var isLetIn = status != 401 && !(status == 403 && isScope);
                        Assert.True(
                            isLetIn == isExpected,
                            $"{caller} (keys: {hasKeys}, lan: {isLan}): {route.Name} is {needed}, and the answer was {status} {text}");
                        Assert.True(status < 500 || status == 503, $"{route.Name}: {status} {text}");
                    }
                }
            }
        }
    }

    /// <summary>True when a server with these settings has such a caller.</summary>
    private static bool IsThere(string caller, bool hasKeys, bool isLan) => caller switch
    {
        "nobody, on this machine, while there are no keys" => !hasKeys,
        "nobody, on this machine, once there is a key" => hasKeys && !isLan,
        "nobody, from elsewhere" => !isLan,
        "nobody, from elsewhere, with `ALLOW_ANONYMOUS=lan`" => isLan,
        _ => hasKeys,
    };

    private static async Task<(int Status, string Text)> AskAsync(
        GatewayHost gateway, Route route, string caller, Dictionary<string, string> keys)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path);
        if (route.Method is not ("GET" or "HEAD")) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (caller.Contains("elsewhere", StringComparison.Ordinal)) request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        var key = caller.StartsWith("a ticket", StringComparison.Ordinal)
            ? await TicketAsync(gateway, keys["the scope `admin`"])
            : keys.GetValueOrDefault(caller);
        if (key is not null) request.Headers.Add("X-API-Key", key);
        using var response = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return ((int)response.StatusCode, response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>The route's own row, or one that ends with an asterisk for all pages below a path.</summary>
    private static string RowOf(Dictionary<string, string> rows, Route route) => rows.ContainsKey(route.Name)
        ? route.Name
        : rows.Keys.FirstOrDefault(
            row => row.EndsWith("/*", StringComparison.Ordinal) && route.Name.StartsWith(row[..^1], StringComparison.Ordinal))
            ?? route.Name;

    private static async Task<string> TicketAsync(GatewayHost gateway, string key)
    {
        using var response = await gateway.SendAsync(HttpMethod.Post, "/api/ws/ticket", null, ("X-API-Key", key));
        Assert.Equal(201, (int)response.StatusCode);
        return TicketForm().Match(await response.Content.ReadAsStringAsync(Cancellation)).Value;
    }

    private static List<Route> Routes(GatewayHost gateway) =>
    [
        .. gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? AnyMethod).Select(method =>
                new Route($"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}", method, Fill(endpoint.RoutePattern))))
            .DistinctBy(route => route.Name),
    ];

    private static string Fill(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part is RoutePatternLiteralPart literal ? literal.Content : "x"))));

    /// <summary>Who there is, and the scope that he has.</summary>
    private static Dictionary<string, string> Callers() => Table("who").ToDictionary(cells => cells[0], cells => cells[1].Trim('`'));

    /// <summary>The routes, and the scope that each takes.</summary>
    private static Dictionary<string, string> Rows() => Table("route")
        .SelectMany(cells => RouteForm().Matches(cells[0]).Select(match => (Route: match.Groups[1].Value, Scope: cells[1].Trim('`'))))
        .ToDictionary(
            row => row.Route,
            row => Scopes.Contains(row.Scope) ? row.Scope : throw new FormatException($"{row.Route} takes '{row.Scope}'."));

    private static IEnumerable<string[]> Table(string firstColumn) => File.ReadLines(Path.Combine(Root(), "SECURITY.md"))
        .SkipWhile(line => !line.StartsWith($"| {firstColumn} |", StringComparison.Ordinal))
        .Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StashAI.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("These tests run inside the source tree.");
    }

    [GeneratedRegex("`([A-Z]+ /[^`]*)`")]
    private static partial Regex RouteForm();

    [GeneratedRegex("ticket_[A-Za-z0-9_-]+")]
    private static partial Regex TicketForm();

    private sealed record Route(string Name, string Method, string Path);
}

using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Docs;

/// <summary>
/// The table of all routes in docs/wire-api.md is that of a running server, and asks for the scopes that SECURITY.md names.
/// </summary>
public sealed partial class RoutePageTests
{
    private static readonly string[] AnyMethod = ["GET"];

    [Fact]
    public async Task The_page_has_every_route_of_the_server_and_no_other()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var listed = Listed("docs/wire-api.md").Keys;
        var mapped = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>().SelectMany(Names).ToHashSet();

        Assert.Equal([], mapped.Where(route => !listed.Any(row => Stands(row, route))));
        Assert.Equal([], listed.Where(row => !mapped.Any(route => Stands(row, route))));
    }

    [Fact]
    public void A_route_needs_the_same_scope_on_both_pages()
    {
        var security = Listed("SECURITY.md");

        Assert.Equal(
            security.OrderBy(row => row.Key, StringComparer.Ordinal),
            Listed("docs/wire-api.md").OrderBy(row => row.Key, StringComparer.Ordinal));
    }

    /// <summary>HEAD has no rows of its own: it belongs to GET.</summary>
    private static IEnumerable<string> Names(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? AnyMethod)
            .Where(method => method != "HEAD")
            .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}");

    /// <summary>True for the route's own row, and for one that ends with an asterisk and stands for all below a path.</summary>
    private static bool Stands(string row, string route) =>
        row == route || (row.EndsWith("/*", StringComparison.Ordinal) && route.StartsWith(row[..^1], StringComparison.Ordinal));

    /// <summary>Each route of a page's tables, with the scope in the cell after it.</summary>
    private static Dictionary<string, string> Listed(string page) => SourceTree.Rows(SourceTree.Read(page))
        .SelectMany(cells => Route().Matches(cells[0]).Select(match => (Route: match.Groups[1].Value, Scope: cells[1].Trim('`'))))
        .ToDictionary(row => row.Route, row => row.Scope);

    [GeneratedRegex("`([A-Z]+ /[^`]*)`")]
    private static partial Regex Route();
}

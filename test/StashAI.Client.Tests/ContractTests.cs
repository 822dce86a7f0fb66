using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Client.Http;

namespace StashAI.Client.Tests;

/// <summary>What the client calls is what the server describes in <c>/openapi.json</c>.</summary>
public sealed partial class ContractTests(RunningServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_and_parameter_of_the_client_is_in_the_servers_document()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var document = JsonDocument.Parse(await http.GetStringAsync("/openapi.json", Cancellation));
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().ToLookup(path => Plain(path.Name), path => path.Value);

        Assert.Equal([], Routes.All.SelectMany(route => Missing(route, paths)));
    }

    [Fact]
    public void Every_route_of_the_client_is_listed() => Assert.Equal(
        typeof(Routes).GetProperties().Where(property => property.PropertyType == typeof(Route))
            .Select(property => (Route)property.GetValue(null)!).ToHashSet(),
        [.. Routes.All]);

    private static IEnumerable<string> Missing(Route route, ILookup<string, JsonElement> paths)
    {
        var method = route.Method.Method.ToLowerInvariant();
        var operations = paths[Plain(route.Template)].Where(path => path.TryGetProperty(method, out _))
            .Select(path => path.GetProperty(method)).ToList();
        if (operations.Count == 0) return [$"{route.Method} {route.Template}"];
        var known =
            operations.SelectMany(operation =>
                operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : Array.Empty<JsonElement>())
            .Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString()!).ToHashSet();
        return route.Parameters.Where(parameter => !known.Contains(parameter))
            .Select(parameter => $"{route.Method} {route.Template}?{parameter}");
    }

    /// <summary>Names of path parameters do not matter, and neither do the constraints of a framework.</summary>
    private static string Plain(string path) => Parameter().Replace(path, "{}");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}

using System.Text.Json.Nodes;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>The problems that routes may answer with. Most follow from the route's parameters and body.</summary>
internal static class Refusals
{
    private const string Other = "default";

    private static readonly Dictionary<string, (string Name, string Description)> All = new()
    {
        ["400"] = ("BadRequest", "The request is malformed, or misses a field."),
        ["401"] = ("Unauthorized", "The API key is missing or unknown."),
        ["403"] = ("Forbidden", "The API key does not allow this."),
        ["404"] = ("NotFound", "Nothing has this id or name."),
        ["409"] = ("Conflict", "The request does not fit the current state."),
        ["413"] = ("TooLarge", "The request is over a limit; `setting` names it."),
        ["415"] = ("UnsupportedMediaType", "The content type cannot be read."),
        ["422"] = ("Invalid", "A field or a parameter is not valid; `errors` names it and how to fix it."),
        ["429"] = ("TooManyRequests", "Too many wrong API keys; `Retry-After` says when to try again."),
        ["503"] = ("Unavailable", "The server cannot do this at the moment; `Retry-After` says when to try again."),
        [Other] = ("Problem", "The request was refused: what is wrong, and how to fix it."),
    };

    /// <summary>The statuses of a route, and <c>default</c> for all others.</summary>
    public static IEnumerable<string> Of(RouteDoc doc, ApiScope? scope)
    {
        int[] body = doc.Body is null ? [] : [400, 413, 415];
        int[] fields = doc.Body is null && doc.Parameters.All(parameter => parameter.Place == "path") ? [] : [422];
        int[] path = doc.Parameters.Any(parameter => parameter.Place == "path") ? [404] : [];
        int[] access = scope is null ? [] : [401, 403, 429, 503];
        return [.. body.Concat(fields).Concat(path).Concat(access).Concat(doc.Refusals).Distinct().Order().Select(status => $"{status}"), Other];
    }

    /// <summary>The component for the answer with a status.</summary>
    public static string NameOf(string status) => All[status].Name;

    /// <summary>The components as JSON.</summary>
    public static IEnumerable<(string Name, JsonObject Response)> Components() => All.Values.Select(one => (one.Name, new JsonObject
    {
        ["description"] = one.Description,
        ["content"] = new JsonObject
        {
            [Problem.ContentType] = new JsonObject
            {
                ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" },
                ["example"] = DocJson.Node(ProblemShape.Example),
            },
        },
    }));
}

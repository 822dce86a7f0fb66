using System.Text.Json.Nodes;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>
/// A route as the API's document has it. Its examples are the files `Examples/{Id}.json`, the answer, and `Examples/{Id}.request.json`, the body;
/// schemas come from them.
/// </summary>
/// <param name="Method">`GET` or `POST`.</param>
/// <param name="Path">As it is mapped.</param>
/// <param name="Id">The operation's id, unique.</param>
/// <param name="Tag">The chapter of the documentation.</param>
/// <param name="Summary">What it does, in a few words.</param>
internal sealed record ApiRoute(string Method, string Path, string Id, string Tag, string Summary)
{
    /// <summary>More words, in Markdown.</summary>
    public string Description { get; init; } = "";

    /// <summary>What the path, the query and the headers may hold.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The status of the answer when all is well.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>What the answer is, for people.</summary>
    public string Answer { get; init; } = "The answer.";

    /// <summary>The answer's content type; only JSON has an example. Null for no content.</summary>
    public string? ContentType { get; init; } = "application/json";

    /// <summary>Makes the schema of the body where an example cannot show all of it; null to take the example's.</summary>
    public Func<JsonObject>? RequestSchema { get; init; }

    /// <summary>False when the body may be left out.</summary>
    public bool NeedsBody { get; init; } = true;
}

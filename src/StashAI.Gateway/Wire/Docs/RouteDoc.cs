namespace StashAI.Gateway.Wire.Docs;

/// <summary>The description of a route in the API's document, stored as metadata of its endpoint.</summary>
/// <param name="Id">The operation's id, unique.</param>
/// <param name="Chapter">One of <see cref="Docs.Chapter"/>.</param>
/// <param name="Summary">What it does, in a few words.</param>
internal sealed record RouteDoc(string Id, string Chapter, string Summary)
{
    /// <summary>A longer description, in Markdown.</summary>
    public string? Description { get; init; }

    /// <summary>The parameters in the path, the query and the headers.</summary>
    public IReadOnlyList<ParameterDoc> Parameters { get; init; } = [];

    /// <summary>What the query may hold; the words of a client may be chosen on every route.</summary>
    public IReadOnlyList<ParameterDoc> QueryParameters =>
        [.. Parameters.Where(parameter => parameter.Place == "query").Append(ParameterDoc.Dialect).Distinct()];

    /// <summary>True for a request whose query is not checked against <see cref="QueryParameters"/>.</summary>
    public Func<HttpRequest, bool> HasFreeQuery { get; init; } = static _ => false;

    /// <summary>The JSON body; null if the route takes none.</summary>
    public BodyDoc? Body { get; init; }

    /// <summary>The successful answers, the usual one first.</summary>
    public required IReadOnlyList<AnswerDoc> Answers { get; init; }

    /// <summary>True for a route of OpenAI's API, whose errors have the form of that API.</summary>
    public bool HasOpenAiErrors { get; init; }

    /// <summary>True for a route of Anthropic's API, whose errors have the form of that API.</summary>
    public bool HasAnthropicErrors { get; init; }

    /// <summary>True for a route of another API, which refuses values that are not valid with 400.</summary>
    public bool IsOfDialect => HasOpenAiErrors || HasAnthropicErrors;

    /// <summary>Statuses of refusals besides those that follow from its parameters and body.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];
}

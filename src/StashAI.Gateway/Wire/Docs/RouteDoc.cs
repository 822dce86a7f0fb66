namespace StashAI.Gateway.Wire.Docs;

/// <summary>What the API's document says of a route. It stands beside the route, as metadata of its endpoint.</summary>
/// <param name="Id">The operation's id, unique.</param>
/// <param name="Chapter">One of <see cref="Docs.Chapter"/>.</param>
/// <param name="Summary">What it does, in a few words.</param>
internal sealed record RouteDoc(string Id, string Chapter, string Summary)
{
    /// <summary>More words, in Markdown.</summary>
    public string? Description { get; init; }

    /// <summary>What the path, the query and the headers may hold.</summary>
    public IReadOnlyList<ParameterDoc> Parameters { get; init; } = [];

    /// <summary>What the query may hold; the words of a client may be chosen on every route.</summary>
    public IReadOnlyList<ParameterDoc> QueryParameters =>
        [.. Parameters.Where(parameter => parameter.Place == "query").Append(ParameterDoc.Dialect).Distinct()];

    /// <summary>True for a request whose query is not checked against <see cref="QueryParameters"/>.</summary>
    public Func<HttpRequest, bool> HasFreeQuery { get; init; } = static _ => false;

    /// <summary>The JSON body; null if the route takes none.</summary>
    public BodyDoc? Body { get; init; }

    /// <summary>What it answers when all is well; the usual answer first.</summary>
    public required IReadOnlyList<AnswerDoc> Answers { get; init; }

    /// <summary>Statuses of refusals that its parameters and its body do not explain.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];
}

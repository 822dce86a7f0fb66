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

    /// <summary>The JSON body; null for none.</summary>
    public BodyDoc? Body { get; init; }

    /// <summary>The successful answers, the usual one first.</summary>
    public required IReadOnlyList<AnswerDoc> Answers { get; init; }

    /// <summary>Statuses of refusals besides those that follow from its parameters and body.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];
}

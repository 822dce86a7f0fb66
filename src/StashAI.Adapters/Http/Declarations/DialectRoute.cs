namespace StashAI.Adapters.Http.Declarations;

/// <summary>A route of another API that a service speaks: request bodies go to it and answers come back, both unread or mapped.</summary>
/// <param name="Path">The route, such as <c>/v1/chat/completions</c> or <c>/v1/messages</c>.</param>
/// <param name="Models">The models that the service has, with <c>*</c> for any characters; empty for all.</param>
/// <param name="Operation">How it is called. No route of the service itself has this operation.</param>
public sealed record DialectRoute(string Path, IReadOnlyList<string> Models, DeclaredOperation Operation)
{
    /// <summary>The field of an item with the file that a form sends.</summary>
    public const string FileField = "file";

    /// <summary>How it is called for an answer that is text, perhaps in pieces; null for a route whose answers are always JSON.</summary>
    public DeclaredOperation? StreamOperation { get; init; }

    /// <summary>All ways to call it.</summary>
    public IEnumerable<DeclaredOperation> Operations => StreamOperation is null ? [Operation] : [Operation, StreamOperation];

    /// <summary>True for a model that the service has, by the declaration.</summary>
    public bool Serves(string model) =>
        Models.Count == 0 || Models.Any(pattern => NamePattern.Matches(pattern, model));
}

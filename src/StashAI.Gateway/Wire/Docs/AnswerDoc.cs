using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs;

/// <summary>A successful answer of a route.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">A description of the answer.</param>
/// <param name="Type">The type whose schema describes it; null if it is not JSON.</param>
/// <param name="ContentType">Null for no content.</param>
/// <param name="Example">An example; null if it is not JSON.</param>
internal sealed record AnswerDoc(int Status, string Description, Type? Type, string? ContentType, Func<JsonNode>? Example)
{
    public const string Json = "application/json";

    /// <param name="example">An example, whose type is the schema.</param>
    /// <param name="description">A description of the answer.</param>
    /// <param name="status">The HTTP status.</param>
    public static AnswerDoc Of<T>(T example, string description = "The answer.", int status = StatusCodes.Status200OK)
        where T : notnull => new(status, description, typeof(T), Json, () => DocJson.Node(example));

    /// <summary>An answer with one of several schemas, which <typeparamref name="T"/> lists.</summary>
    public static AnswerDoc Any<T>(object example, string description) =>
        new(StatusCodes.Status200OK, description, typeof(T), Json, () => DocJson.Node(example));

    public static AnswerDoc File(string contentType, string description = "The file.") =>
        new(StatusCodes.Status200OK, description, null, contentType, null);

    public static AnswerDoc Redirect(string description) => new(StatusCodes.Status302Found, description, null, null, null);
}

using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs;

/// <summary>What a route answers when all is well.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">What the answer is, for people.</param>
/// <param name="Type">The type whose schema describes it; null for what is not JSON.</param>
/// <param name="ContentType">Null for no content.</param>
/// <param name="Example">An answer; null for what is not JSON.</param>
internal sealed record AnswerDoc(int Status, string Description, Type? Type, string? ContentType, Func<JsonNode>? Example)
{
    public const string Json = "application/json";

    /// <param name="example">An answer, whose type is the schema.</param>
    /// <param name="description">What it is.</param>
    /// <param name="status">The HTTP status.</param>
    public static AnswerDoc Of<T>(T example, string description = "The answer.", int status = StatusCodes.Status200OK)
        where T : notnull => new(status, description, typeof(T), Json, () => DocJson.Node(example));

    /// <summary>An answer that is one of several schemas, which <typeparamref name="T"/> names.</summary>
    public static AnswerDoc Any<T>(object example, string description) => new(StatusCodes.Status200OK, description, typeof(T), Json, () => DocJson.Node(example));

    public static AnswerDoc File(string contentType, string description = "The file.") => new(StatusCodes.Status200OK, description, null, contentType, null);
}

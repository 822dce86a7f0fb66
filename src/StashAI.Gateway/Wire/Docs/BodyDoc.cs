using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs;

/// <summary>The body of a route: JSON, except for <see cref="Bytes"/> and <see cref="Lines"/>.</summary>
/// <param name="Type">The type whose schema describes it.</param>
/// <param name="Example">A body that the route accepts.</param>
internal sealed record BodyDoc(Type Type, Func<JsonNode> Example)
{
    /// <summary>False if the body may be left out.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>Creates the schema of a body that no type describes; null to use the schema of <see cref="Type"/>.</summary>
    public Func<JsonObject>? Schema { get; init; }

    /// <summary>The name of that schema in the document.</summary>
    public string? Name { get; init; }

    /// <summary>A body of any bytes.</summary>
    public static BodyDoc Bytes { get; } = new(typeof(Stream), () => "") { ContentType = "application/octet-stream" };

    /// <summary>A body of lines of JSON.</summary>
    public static BodyDoc Lines { get; } = new(typeof(Stream), () => "") { ContentType = "application/x-ndjson" };

    /// <summary>A form with a file.</summary>
    public static BodyDoc Form { get; } = new(typeof(Stream), () => "") { ContentType = "multipart/form-data" };

    /// <summary>The type of the body in the document.</summary>
    public string ContentType { get; private init; } = AnswerDoc.Json;

    public static BodyDoc Of<T>(T example)
        where T : notnull => new(typeof(T), () => DocJson.Node(example));

    public static BodyDoc Of(string name, Func<JsonObject> schema, string example) =>
        new(typeof(JsonObject), () => DocJson.Parse(example)) { Name = name, Schema = schema };
}

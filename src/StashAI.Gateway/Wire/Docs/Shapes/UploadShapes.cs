using System.ComponentModel;
using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary><c>state</c> of an upload.</summary>
internal enum UploadStateShape
{
    Open,
    Committed,
}

/// <summary>What an upload will be submitted as.</summary>
internal sealed record UploadRequestShape(string Service)
{
    [Description("The operation, where the service has several.")]
    public string? Operation { get; init; }

    [Description("True for one task, whose body is that of `POST /api/{service}/task`.")]
    public bool? Task { get; init; }

    [Description(
        "The type of the body: `application/json` (the default), `application/x-ndjson`, or `multipart/form-data` with its boundary.")]
    public string? ContentType { get; init; }

    [Description("The configuration of a body of lines; other bodies have it inside.")]
    public JsonObject? Config { get; init; }

    [Description("The bytes of the whole body, if they are known.")]
    public long? Size { get; init; }

    [Description("The SHA-256 of the whole body, as 64 hexadecimal digits, if it is known.")]
    public string? Sha256 { get; init; }
}

/// <summary>The hash of a body that was not known at its beginning.</summary>
internal sealed record UploadCommitShape
{
    [Description("The SHA-256 of the whole body, as 64 hexadecimal digits.")]
    public string? Sha256 { get; init; }
}

/// <summary>The body of a submit that arrives in chunks.</summary>
internal sealed record UploadShape
{
    public required Guid Id { get; init; }
    public required UploadStateShape State { get; init; }

    [Description("Where the next chunk begins: the bytes that are stored.")]
    public required long Offset { get; init; }
    public required long? Size { get; init; }
    public required string? Sha256 { get; init; }
    public required string Service { get; init; }
    public required string? Operation { get; init; }
    public required bool Task { get; init; }
    public required string ContentType { get; init; }
    public required JsonObject? Config { get; init; }

    [Description("The size of chunks that suits the server best.")]
    public required int ChunkBytes { get; init; }
    public required int MaxChunkBytes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    [Description("The upload is removed then, unless another chunk comes.")]
    public required DateTimeOffset ExpiresAt { get; init; }
    public required Guid? JobId { get; init; }
}

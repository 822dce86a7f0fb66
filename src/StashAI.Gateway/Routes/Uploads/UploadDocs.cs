using StashAI.Gateway.Routes.Batch;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Uploads;

/// <summary>What the API's document says of <c>/api/uploads</c>.</summary>
internal static class UploadDocs
{
    private const string Sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static UploadShape Example { get; } = new()
    {
        Id = Samples.JobId,
        State = UploadStateShape.Open,
        Offset = 4194300,
        Size = 73400320,
        Sha256 = Sha256,
        Service = "translation",
        Operation = null,
        Task = false,
        ContentType = "application/x-ndjson",
        Config = DocJson.Object("""{"target":"spa"}"""),
        ChunkBytes = UploadRoutes.ChunkBytes,
        MaxChunkBytes = UploadRoutes.MaxChunkBytes,
        CreatedAt = Samples.Time,
        ExpiresAt = Samples.Time.AddDays(1),
        JobId = null,
    };

    public static RouteDoc Start { get; } = new("start-upload", Chapter.Submit, "Begin a submit whose body comes in chunks")
    {
        Description = "For bodies that should go on where they were after a broken connection. With an `Idempotency-Key`, the same request "
            + "gives the same upload again, as far as it is. An upload belongs to the key that made it, and is removed a day after its "
            + "last chunk.",
        Parameters = [ParameterDoc.IdempotencyKey],
        Body = BodyDoc.Of(new UploadRequestShape("translation")
        {
            ContentType = "application/x-ndjson",
            Config = DocJson.Object("""{"target":"spa"}"""),
            Size = 73400320,
            Sha256 = Sha256,
        }),
        Answers =
        [
            AnswerDoc.Of(Example with { Offset = 0 }, "The upload is stored.", StatusCodes.Status201Created),
            AnswerDoc.Of(Example, "The upload that the first request with this `Idempotency-Key` made."),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Show { get; } = new("show-upload", Chapter.Submit, "How far an upload is")
    {
        Description = "`offset` and the header `Upload-Offset` say where the next chunk begins. `HEAD` has the header only.",
        Parameters = [ParameterDoc.Id],
        Answers = [AnswerDoc.Of(Example)],
    };

    public static RouteDoc Append { get; } = new("append-upload", Chapter.Submit, "Send a chunk of an upload")
    {
        Description = "The body is the bytes of the chunk, which are durable when the answer comes. A chunk may be sent again. "
            + "One that leaves a gap, or has other bytes than those that are stored at its place, is refused with 409; `offset` of the "
            + "problem says where to go on.",
        Parameters =
        [
            ParameterDoc.Id,
            new(UploadRoutes.OffsetHeader, "header", "integer", "The position of the chunk in the body."),
            new(ChunkDigest.Header, "header", "string", "The SHA-256 of the chunk: `sha-256=:BASE64:` (RFC 9530)."),
        ],
        Body = BodyDoc.Bytes,
        Answers = [AnswerDoc.Of(Example, "The chunk is stored.")],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Commit { get; } = new("commit-upload", Chapter.Submit, "Make a job of an upload")
    {
        Description = "Checks the SHA-256 of the body if it was declared, or is in the request, and submits the body as "
            + "`POST /api/{service}/batch` does. Committing again gives the same job.",
        Parameters = [ParameterDoc.Id, ParameterDoc.Prefer, ParameterDoc.Dialect],
        Body = BodyDoc.Of(new UploadCommitShape { Sha256 = Sha256 }) with { IsRequired = false },
        Answers =
        [
            AnswerDoc.Of(BatchDocs.Acknowledged, SubmitDoc.Acknowledgement, StatusCodes.Status202Accepted),
            AnswerDoc.Of(Samples.Done(BatchDocs.Acknowledged), SubmitDoc.Waited),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Remove { get; } = new("delete-upload", Chapter.Submit, "Delete an upload")
    {
        Description = "Its bytes are removed. A job that was made of it stays.",
        Parameters = [ParameterDoc.Id],
        Answers = [new(StatusCodes.Status204NoContent, "It is gone.", null, null, null)],
    };
}

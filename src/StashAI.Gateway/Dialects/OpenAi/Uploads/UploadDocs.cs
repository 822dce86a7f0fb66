using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Gateway.Dialects.OpenAi.Files;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Dialects.OpenAi.Uploads;

/// <summary>What the API's document says of <c>/v1/uploads</c>.</summary>
internal static class UploadDocs
{
    private const string Name = "upload_0197f3c1d4a07c3e9a5b2f6e8d1c4b7a";

    private const string PartName = "part_0197f3c1d4a07c3e9a5b2f6e8d1c4b7b";

    private static ParameterDoc Id { get; } = ParameterDoc.Path("id", "The id of the upload.");

    private static OpenAiUploadShape Example { get; } = new(
        Name, "upload", 120_000, 1_893_456_000, 1_893_542_400, "lines.jsonl", "batch", "application/jsonl", "pending", null);

    public static RouteDoc Begin { get; } = new("openai-begin-upload", Chapter.OpenAi, "Begin a file that comes in parts")
    {
        Description = "For files that are too large for one request, and for connections that break.",
        Parameters = [ParameterDoc.IdempotencyKey],
        Body = BodyDoc.Of(new OpenAiUploadRequestShape("lines.jsonl", "batch", 120_000, "application/jsonl")),
        Answers = [AnswerDoc.Of(Example)],
        HasOpenAiErrors = true,
    };

    public static RouteDoc Add { get; } = new("openai-add-upload-part", Chapter.OpenAi, "Add a part to a file")
    {
        Description = "A form with `data`. Parts may come in any order and at the same time, and survive a restart of the server. A part "
            + "whose answer was lost may be sent again: at the end, only the parts that are named count, and with the `Idempotency-Key` "
            + "of the first try it is the same part.",
        Parameters = [Id, ParameterDoc.IdempotencyKey],
        Body = BodyDoc.Form,
        Answers = [AnswerDoc.Of(new OpenAiPartShape(PartName, "upload.part", 1_893_456_000, Name))],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Complete { get; } = new("openai-complete-upload", Chapter.OpenAi, "Make a file of its parts")
    {
        Description = "The parts in the order of `part_ids` must have as many bytes as the upload was begun with, and the `md5` if it is "
            + "given. Repeated, it answers with the same file.",
        Parameters = [Id, ParameterDoc.IdempotencyKey],
        Body = BodyDoc.Of(new OpenAiCompleteRequestShape([PartName])),
        Answers =
        [
            AnswerDoc.Of(Example with
            {
                Status = "completed",
                File = new OpenAiFileShape(
                    "file-0197f3c1d4a07c3e9a5b2f6e8d1c4b7a", "file", 120_000, 1_893_456_000, 1_896_048_000, "lines.jsonl", "batch",
                    "processed", null),
            }),
        ],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Cancel { get; } = new("openai-cancel-upload", Chapter.OpenAi, "Cancel a file that comes in parts")
    {
        Parameters = [Id, ParameterDoc.IdempotencyKey],
        Answers = [AnswerDoc.Of(Example with { Status = "cancelled" })],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status409Conflict],
    };
}

/// <summary>A file that comes in parts, as OpenAI describes it; times are seconds since 1970.</summary>
internal sealed record OpenAiUploadShape(
    string Id, string Object, long Bytes, long CreatedAt, long ExpiresAt, string Filename, string Purpose, string MimeType, string Status,
    OpenAiFileShape? File);

/// <summary>A part of a file.</summary>
internal sealed record OpenAiPartShape(string Id, string Object, long CreatedAt, string UploadId);

/// <summary>A file to send in parts.</summary>
internal sealed record OpenAiUploadRequestShape(string Filename, string Purpose, long Bytes, string MimeType)
{
    public OpenAiExpiryShape? ExpiresAfter { get; init; }
}

/// <summary>The parts of a file in their order.</summary>
internal sealed record OpenAiCompleteRequestShape(IReadOnlyList<string> PartIds)
{
    public string? Md5 { get; init; }
}

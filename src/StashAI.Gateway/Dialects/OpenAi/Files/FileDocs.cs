using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Dialects.OpenAi.Files;

/// <summary>What the API's document says of <c>/v1/files</c>.</summary>
internal static class FileDocs
{
    private const string Name = "file-0197f3c1d4a07c3e9a5b2f6e8d1c4b7a";

    public static ParameterDoc Purpose { get; } = ParameterDoc.Query("purpose", "Only files of this purpose.");

    public static ParameterDoc Limit { get; } = ParameterDoc.Limit with { Most = 10_000 };

    public static ParameterDoc Order { get; } = ParameterDoc.Query("order", "The newest first, or the oldest.") with
    {
        Words = ["asc", "desc"],
    };

    public static ParameterDoc After { get; } = ParameterDoc.Query("after", "The id of the last entry of the page before.");

    private static ParameterDoc Id { get; } = ParameterDoc.Path("id", "The id of the file.");

    private static OpenAiFileShape Example { get; } =
        new(Name, "file", 120_000, 1_893_456_000, 1_896_048_000, "lines.jsonl", "batch", "processed", null);

    public static RouteDoc Upload { get; } = new("openai-upload-file", Chapter.OpenAi, "Upload a file")
    {
        Description = "A form with `file`, `purpose` and optionally `expires_after[anchor]` and `expires_after[seconds]`. The file of a "
            + "batch (`purpose=batch`) ends with `.jsonl` and is kept for 30 days unless the form says otherwise. With the "
            + "`Idempotency-Key` of an earlier upload of the same form, the answer is its file, for as long as it is kept.",
        Parameters = [ParameterDoc.IdempotencyKey],
        Body = BodyDoc.Form,
        Answers = [AnswerDoc.Of(Example, "The file is stored.")],
        HasOpenAiErrors = true,
    };

    public static RouteDoc List { get; } = new("openai-list-files", Chapter.OpenAi, "List uploaded files")
    {
        Description = "The files of results are not among them: a batch names its own.",
        Parameters = [Purpose, Limit, Order, After],
        Answers = [AnswerDoc.Of(new OpenAiFilesShape("list", [Example], Name, Name, false))],
        HasOpenAiErrors = true,
    };

    public static RouteDoc Show { get; } = new("openai-file", Chapter.OpenAi, "Show a file")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Of(Example)],
        HasOpenAiErrors = true,
    };

    public static RouteDoc Content { get; } = new("openai-file-content", Chapter.OpenAi, "Read a file")
    {
        Description = "The results of a batch are written from its job while they are read. The content has a strong `ETag` and can be "
            + "read in ranges, that of results once their batch is over.",
        Parameters = [Id, .. RangeDocs.Headers],
        Answers = [AnswerDoc.File("application/octet-stream"), .. RangeDocs.Answers("application/octet-stream")],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status416RangeNotSatisfiable],
    };

    public static RouteDoc Remove { get; } = new("openai-delete-file", Chapter.OpenAi, "Delete a file")
    {
        Description = "Batches that were made of it stay. The files of results go with their job.",
        Parameters = [Id],
        Answers = [AnswerDoc.Of(new OpenAiDeletedShape(Name, "file", true))],
        HasOpenAiErrors = true,
    };
}

/// <summary>A file, as OpenAI describes it; times are seconds since 1970.</summary>
internal sealed record OpenAiFileShape(
    string Id, string Object, long Bytes, long CreatedAt, long? ExpiresAt, string Filename, string Purpose, string Status,
    string? StatusDetails);

/// <summary>A page of files.</summary>
internal sealed record OpenAiFilesShape(
    string Object, IReadOnlyList<OpenAiFileShape> Data, string? FirstId, string? LastId, bool HasMore);

/// <summary>What was deleted.</summary>
internal sealed record OpenAiDeletedShape(string Id, string Object, bool Deleted);

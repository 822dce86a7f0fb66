using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>What the API's document says of <c>/v1/batches</c>.</summary>
internal static class BatchDocs
{
    private const string Name = "batch_0197f3c1d4a07c3e9a5b2f6e8d1c4b7a";

    private const string Lines = "application/jsonl";

    private const string FileName = "file-0197f3c1d4a07c3e9a5b2f6e8d1c4b7a";

    public static ParameterDoc Limit { get; } = ParameterDoc.Limit with { Most = 100 };

    public static ParameterDoc After { get; } = ParameterDoc.Query("after", "The id of the last entry of the page before.");

    public static ParameterDoc Follow { get; } = ParameterDoc.Query(
        "follow", "True goes on with lines as they end, in that order, until the batch is over.", "boolean");

    private static ParameterDoc Id { get; } = ParameterDoc.Path("id", "The id of the batch.");

    private static OpenAiBatchShape Example { get; } = new(
        Name, "batch", "/v1/chat/completions", null, null, FileName, "24h", "validating", null, null, 1_893_456_000, null, 1_893_542_400,
        null, null, null, null, null, null, new OpenAiCountsShape(0, 0, 0), null, new() { ["customer"] = "c-17" }, null, null, 0,
        null);

    public static RouteDoc Create { get; } = new("openai-create-batch", Chapter.OpenAi, "Make a batch of a file's lines")
    {
        Description = "The lines are checked after the answer; errors in them are in `errors` of a batch that `failed`. Besides OpenAI's "
            + "fields: `completion_window` from `1h` to `30d`, `priority`, `concurrency`, and `cache`: `off`, `use` or `refresh`. "
            + "With `metadata.stashai_partial` as `\"true\"` the output may be read while the batch runs.",
        Parameters = [ParameterDoc.IdempotencyKey],
        Body = BodyDoc.Of(new OpenAiBatchRequestShape(FileName, "/v1/chat/completions", "24h")
        {
            Metadata = new() { ["customer"] = "c-17" },
        }),
        Answers = [AnswerDoc.Of(Example, "The batch is stored.")],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status404NotFound],
    };

    public static RouteDoc List { get; } = new("openai-list-batches", Chapter.OpenAi, "List batches, the newest first")
    {
        Description = "`usage` is null here; a single batch has it.",
        Parameters = [Limit, After],
        Answers = [AnswerDoc.Of(new OpenAiBatchesShape("list", [Example], Name, Name, false))],
        HasOpenAiErrors = true,
    };

    public static RouteDoc Show { get; } = new("openai-batch", Chapter.OpenAi, "Show a batch")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Of(Example)],
        HasOpenAiErrors = true,
    };

    public static RouteDoc Cancel { get; } = new("openai-cancel-batch", Chapter.OpenAi, "Cancel a batch")
    {
        Description = "Lines that are finished stay. A batch that is over is refused with 409.",
        Parameters = [Id, ParameterDoc.IdempotencyKey],
        Answers = [AnswerDoc.Of(Example with { Status = "cancelling", CancellingAt = 1_893_456_100 })],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Retry { get; } = new("openai-retry-batch", Chapter.OpenAi, "Make a batch of the lines that failed")
    {
        Description = "The lines of the error file of a batch that is over, expired and cancelled ones too, become a new batch, with the "
            + "same `custom_id` and body; `source_batch_id` names the first. What the body leaves out stays as it was; the window begins "
            + "anew. The uploaded file is not needed.",
        Parameters = [Id, ParameterDoc.IdempotencyKey],
        Body = BodyDoc.Of(new OpenAiRetryRequestShape { CompletionWindow = "24h" }) with { IsRequired = false },
        Answers = [AnswerDoc.Of(Example with { SourceBatchId = Name }, "The batch is stored.")],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Output { get; } = new("openai-batch-output", Chapter.OpenAi, "Read the results of a batch")
    {
        Description = "A line for each request that completed, as in the file `output_file_id`. While the batch runs, the lines that are "
            + "finished, or with `follow` each as it ends; a followed answer that breaks off is cut. Once the batch is over, the lines are "
            + "in the order of the input, have a strong `ETag` and can be read in ranges.",
        Parameters = [Id, Follow, .. RangeDocs.Headers],
        Answers = [AnswerDoc.File(Lines), .. RangeDocs.Answers(Lines)],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status416RangeNotSatisfiable],
    };

    public static RouteDoc Errors { get; } = new("openai-batch-errors", Chapter.OpenAi, "Read the failures of a batch")
    {
        Description = "A line for each request that failed or was cancelled, as in the file `error_file_id`; otherwise as the output.",
        Parameters = [Id, Follow, .. RangeDocs.Headers],
        Answers = [AnswerDoc.File(Lines), .. RangeDocs.Answers(Lines)],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status416RangeNotSatisfiable],
    };
}

/// <summary>A batch, as OpenAI describes it; times are seconds since 1970.</summary>
internal sealed record OpenAiBatchShape(
    string Id, string Object, string Endpoint, string? Model, OpenAiBatchErrorsShape? Errors, string InputFileId, string CompletionWindow,
    string Status, string? OutputFileId, string? ErrorFileId, long CreatedAt, long? InProgressAt, long ExpiresAt, long? FinalizingAt,
    long? CompletedAt, long? FailedAt, long? ExpiredAt, long? CancellingAt, long? CancelledAt, OpenAiCountsShape RequestCounts,
    OpenAiUsageShape? Usage, Dictionary<string, string>? Metadata, Guid? JobId, string? SourceBatchId, int Cached,
    double? Cost);

/// <summary>What is wrong with the file of a batch that failed.</summary>
internal sealed record OpenAiBatchErrorsShape(string Object, IReadOnlyList<OpenAiLineErrorShape> Data);

/// <summary>What is wrong with a line.</summary>
internal sealed record OpenAiLineErrorShape(string Code, string Message, string? Param, long? Line);

/// <summary>The lines of a batch.</summary>
internal sealed record OpenAiCountsShape(int Total, int Completed, int Failed);

/// <summary>The tokens of all answers.</summary>
internal sealed record OpenAiUsageShape(
    long InputTokens, OpenAiInputTokensShape InputTokensDetails, long OutputTokens, OpenAiOutputTokensShape OutputTokensDetails,
    long TotalTokens);

/// <summary>Tokens of prompts.</summary>
internal sealed record OpenAiInputTokensShape(long CachedTokens);

/// <summary>Tokens of answers.</summary>
internal sealed record OpenAiOutputTokensShape(long ReasoningTokens);

/// <summary>A page of batches.</summary>
internal sealed record OpenAiBatchesShape(
    string Object, IReadOnlyList<OpenAiBatchShape> Data, string? FirstId, string? LastId, bool HasMore);

/// <summary>A batch to make.</summary>
internal sealed record OpenAiBatchRequestShape(string InputFileId, string Endpoint, string CompletionWindow)
{
    public Dictionary<string, string>? Metadata { get; init; }

    public OpenAiExpiryShape? OutputExpiresAfter { get; init; }

    public int? Priority { get; init; }

    public int? Concurrency { get; init; }

    public CacheShape? Cache { get; init; }
}

/// <summary>What differs of a batch that repeats lines.</summary>
internal sealed record OpenAiRetryRequestShape
{
    public string? CompletionWindow { get; init; }

    public Dictionary<string, string>? Metadata { get; init; }

    public OpenAiExpiryShape? OutputExpiresAfter { get; init; }

    public int? Priority { get; init; }

    public int? Concurrency { get; init; }

    public CacheShape? Cache { get; init; }
}

/// <summary>How long a file is kept.</summary>
internal sealed record OpenAiExpiryShape(string Anchor, int Seconds);

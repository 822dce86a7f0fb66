using System.Text.Json.Nodes;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Dialects.Anthropic.Batches;

/// <summary>What the API's document says of <c>/v1/messages/batches</c>.</summary>
internal static class MessageBatchDocs
{
    private const string Name = "msgbatch_0197f3c1d4a07c3e9a5b2f6e8d1c4b7a";

    private const string RequestSchema = """
        {"type": "object", "required": ["requests"], "additionalProperties": false, "properties": {
          "requests": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["custom_id", "params"], "additionalProperties": false, "properties": {
              "custom_id": {"type": "string", "minLength": 1, "maxLength": 64},
              "params": {"type": "object", "required": ["model"], "properties": {"model": {"type": "string"}},
                "additionalProperties": true}}}},
          "completion_window": {"type": "string"},
          "priority": {"type": "integer", "minimum": 0, "maximum": 9},
          "concurrency": {"type": "integer", "minimum": 1, "maximum": 100000}}}
        """;

    private const string RequestExample = """{"requests":[{"custom_id":"a","params":{"model":"claude-sonnet"}}]}""";

    public static ParameterDoc Limit { get; } = ParameterDoc.Limit;

    public static ParameterDoc After { get; } = ParameterDoc.Query("after_id", "The id of the last entry of the page before.");

    public static ParameterDoc Before { get; } = ParameterDoc.Query("before_id", "The id of the first entry of the page behind.");

    private static ParameterDoc Id { get; } = ParameterDoc.Path("id", "The id of the batch.");

    private static ParameterDoc Partial { get; } =
        new(MessageBatchRequest.PartialHeader, "header", "string", "`true` lets results be read while the batch runs.");

    private static AnthropicBatchShape Example { get; } = new(
        Name, "message_batch", "in_progress", new AnthropicCountsShape(1, 0, 0, 0, 0), "2030-01-01T00:00:00.000Z",
        "2030-01-02T00:00:00.000Z", null, null, null, null, new Guid("0197f3c1-d4a0-7c3e-9a5b-2f6e8d1c4b7a"), null);

    /// <summary>What the SDKs' beta resources send with every request; it changes nothing.</summary>
    public static ParameterDoc Beta { get; } =
        ParameterDoc.Query("beta", "The SDKs send it for their beta resources; it changes nothing.", "boolean");

    public static RouteDoc Create { get; } = new("anthropic-create-batch", Chapter.Anthropic, "Make a batch of messages")
    {
        Description = "The body is read as a stream of any size. `custom_id` and `model` of each request are checked before the answer, "
            + "and an error names every request at fault; the rest of `params` is the service's to check. Besides Anthropic's fields: "
            + "`completion_window` from `1h` to `30d`, `priority` and `concurrency`.",
        Parameters = [ParameterDoc.IdempotencyKey, Partial, Beta],
        Body = BodyDoc.Of("AnthropicBatchRequest", () => JsonNode.Parse(RequestSchema)!.AsObject(), RequestExample),
        Answers = [AnswerDoc.Of(Example, "The batch is stored.")],
        HasAnthropicErrors = true,
    };

    public static RouteDoc List { get; } = new("anthropic-list-batches", Chapter.Anthropic, "List batches, the newest first")
    {
        Parameters = [Limit, After, Before, Beta],
        Answers = [AnswerDoc.Of(new AnthropicBatchesShape([Example], false, Name, Name))],
        HasAnthropicErrors = true,
    };

    public static RouteDoc Show { get; } = new("anthropic-batch", Chapter.Anthropic, "Show a batch")
    {
        Parameters = [Id, Beta],
        Answers = [AnswerDoc.Of(Example)],
        HasAnthropicErrors = true,
    };

    public static RouteDoc Cancel { get; } = new("anthropic-cancel-batch", Chapter.Anthropic, "Cancel a batch")
    {
        Description = "Requests that are finished keep their results. A batch that has ended is refused.",
        Parameters = [Id, ParameterDoc.IdempotencyKey, Beta],
        Answers = [AnswerDoc.Of(Example with { ProcessingStatus = "canceling", CancelInitiatedAt = "2030-01-01T00:10:00.000Z" })],
        HasAnthropicErrors = true,
        Refusals = [StatusCodes.Status400BadRequest],
    };

    public static RouteDoc Delete { get; } = new("anthropic-delete-batch", Chapter.Anthropic, "Delete a batch that has ended")
    {
        Description = "Its job and the results are removed with it.",
        Parameters = [Id, Beta],
        Answers = [AnswerDoc.Of(new AnthropicDeletedShape(Name, "message_batch_deleted"))],
        HasAnthropicErrors = true,
        Refusals = [StatusCodes.Status400BadRequest],
    };

    public static RouteDoc Results { get; } = new("anthropic-batch-results", Chapter.Anthropic, "Read the results of a batch")
    {
        Description = "A line for each request, in the order of the input, written from the job while they are read.",
        Parameters = [Id, Beta],
        Answers = [AnswerDoc.File("application/x-jsonl")],
        HasAnthropicErrors = true,
        Refusals = [StatusCodes.Status400BadRequest],
    };
}

/// <summary>A batch, as Anthropic describes it; times as in RFC 3339.</summary>
internal sealed record AnthropicBatchShape(
    string Id, string Type, string ProcessingStatus, AnthropicCountsShape RequestCounts, string CreatedAt, string ExpiresAt,
    string? EndedAt, string? ArchivedAt, string? CancelInitiatedAt, string? ResultsUrl, Guid JobId,
    double? Cost);

/// <summary>The requests of a batch.</summary>
internal sealed record AnthropicCountsShape(int Processing, int Succeeded, int Errored, int Canceled, int Expired);

/// <summary>A page of batches.</summary>
internal sealed record AnthropicBatchesShape(IReadOnlyList<AnthropicBatchShape> Data, bool HasMore, string? FirstId, string? LastId);

/// <summary>What was deleted.</summary>
internal sealed record AnthropicDeletedShape(string Id, string Type);

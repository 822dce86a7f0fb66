namespace StashAI.Gateway.Dialects.Anthropic;

/// <summary>The ids of Anthropic's objects: a batch has that of its job, as <c>msgbatch_…</c>.</summary>
internal static class AnthropicIds
{
    private const string BatchPrefix = "msgbatch_";

    public static string OfBatch(Guid batch) => $"{BatchPrefix}{batch:N}";

    /// <summary>The id of a batch; null for any other text.</summary>
    public static Guid? Batch(string text) =>
        text.StartsWith(BatchPrefix, StringComparison.Ordinal) && Guid.TryParseExact(text.AsSpan(BatchPrefix.Length), "N", out var id)
            ? id
            : null;

    /// <summary>The id of a request of a batch, for its errors.</summary>
    public static string OfRequest(Guid task) => $"req_{task:N}";
}

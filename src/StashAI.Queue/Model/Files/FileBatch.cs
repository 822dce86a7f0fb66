namespace StashAI.Queue.Model.Files;

/// <summary>
/// A batch of another API. Its items are the lines of a file, and once these are checked it is a job; or it has been one from
/// the beginning.
/// </summary>
public sealed record FileBatch
{
    private const string JobKeyPrefix = "file-batch\n";

    /// <summary>The internal key.</summary>
    public required long Key { get; init; }

    /// <summary>The public id, which is known before there is a job.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of the API key that made it; null without a key.</summary>
    public required string? Owner { get; init; }

    /// <summary>The API that it was made with.</summary>
    public BatchDialect Dialect { get; init; }

    /// <summary>The public id of the file; empty for a batch that was made without one.</summary>
    public required Guid FileId { get; init; }

    /// <summary>What the client asked for, as JSON.</summary>
    public required string Request { get; init; }

    public required FileBatchState State { get; init; }

    /// <summary>The model that its lines name, as far as it is known.</summary>
    public string? Model { get; init; }

    /// <summary>What is wrong with the file, as JSON; null for nothing.</summary>
    public string? Errors { get; init; }

    /// <summary>The internal key of its job; null before there is one.</summary>
    public long? JobKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its lines had been checked; null before.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When a client asked to cancel it; null for never.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>The idempotency key of the job that a batch becomes.</summary>
    public static string JobKeyOf(Guid batch) => $"{JobKeyPrefix}{batch:N}";

    /// <summary>The public id of the batch whose job has an idempotency key; null for any other job.</summary>
    public static Guid? OfJobKey(string? key) =>
        key is not null && key.StartsWith(JobKeyPrefix, StringComparison.Ordinal)
        && Guid.TryParseExact(key.AsSpan(JobKeyPrefix.Length), "N", out var id) ? id : null;
}

/// <summary>A batch to make.</summary>
/// <param name="Id">The public id.</param>
/// <param name="Owner">The name of the caller's API key; null without a key.</param>
/// <param name="IdempotencyKey">The caller's idempotency key; null for none.</param>
/// <param name="FileId">The public id of the file.</param>
/// <param name="Request">What the client asks for, as JSON.</param>
public sealed record NewFileBatch(Guid Id, string? Owner, string? IdempotencyKey, Guid FileId, string Request);

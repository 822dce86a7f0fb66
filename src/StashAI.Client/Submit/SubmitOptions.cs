using System.Text.Json.Nodes;

namespace StashAI.Client.Submit;

/// <summary>What a submit asks for besides its items.</summary>
public sealed record SubmitOptions
{
    /// <summary>What the job is called, for people; null for the server's choice.</summary>
    public string? Name { get; init; }

    /// <summary>What people find the job by: up to 16 texts of 1 to 64 characters; empty for none.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>0 to 9; jobs with a higher number go first. Null for the server's default, which is 5.</summary>
    public int? Priority { get; init; }

    /// <summary>The most tasks of the job that run at once, 1 to 100,000; null for the limits of the service only.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>How often a failed call is tried again, 0 to 100; null for the server's default, which is 3.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>No task starts before this time; null for at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Tasks that have not ended by then fail; null for no deadline.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The configuration of the service, such as <c>{"threshold":0.5}</c>; null for its defaults.</summary>
    public JsonObject? Config { get; init; }

    /// <summary>
    /// Makes the submit safe to repeat, 1 to 255 visible ASCII characters: the same key with the same items gives the first job again, for
    /// a day. A new one is made if null.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// False when the items can be read only once, such as lines of standard input: a large submit that breaks then goes on while this
    /// call lasts, and not at the next call. The default is true.
    /// </summary>
    public bool ItemsCanBeReadAgain { get; init; } = true;

    /// <summary>Told after each item, and during large files.</summary>
    public IProgress<SubmitProgress>? Progress { get; init; }
}

/// <summary>How much of a submit was sent.</summary>
/// <param name="Items">Items that were sent whole.</param>
/// <param name="Bytes">Bytes of the request that were sent.</param>
public readonly record struct SubmitProgress(int Items, long Bytes)
{
    /// <summary>
    /// True when the server keeps what was sent for a day: if the submit breaks, another one of the same items and options goes on from
    /// there.
    /// </summary>
    public bool IsResumable { get; init; }

    /// <summary>The bytes that an earlier submit of the same items had sent; 0 where there was none.</summary>
    public long ResumedFrom { get; init; }
}

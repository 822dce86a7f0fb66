namespace StashAI.Sdk;

/// <summary>Some finished results of a job that are to be judged again.</summary>
public sealed class RematchContext
{
    /// <summary>The address that the job calls.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>The client for calls to <see cref="Upstream"/>.</summary>
    public required HttpClient Http { get; init; }

    /// <summary>The job's configuration, a UTF-8 JSON object; may be empty.</summary>
    public required ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>The threshold that replaces those of the job and of its items, 0 to 1; null to keep them.</summary>
    public double? Threshold { get; init; }

    /// <summary>The results.</summary>
    public required IReadOnlyList<RematchItem> Items { get; init; }
}

/// <summary>A finished result, and what its call computed.</summary>
/// <param name="Input">The task's input, UTF-8 JSON; may be empty.</param>
/// <param name="Output">The result, UTF-8 JSON.</param>
/// <param name="Derived">What the call computed.</param>
public readonly record struct RematchItem(ReadOnlyMemory<byte> Input, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Derived);

/// <summary>How results were judged again.</summary>
/// <param name="Version">The version of the data, such as a gallery of people, that judged them.</param>
/// <param name="Results">The new results, in the order of <see cref="RematchContext.Items"/>.</param>
public sealed record RematchOutcome(long Version, IReadOnlyList<RematchedResult> Results);

/// <summary>A result that was judged again.</summary>
/// <param name="Output">The new result, UTF-8 JSON.</param>
/// <param name="IsChanged">True when the judgement differs from the one before.</param>
public readonly record struct RematchedResult(ReadOnlyMemory<byte> Output, bool IsChanged);

namespace StashAI.Sdk;

/// <summary>Finished results whose parts are to be grouped.</summary>
public sealed class GroupingContext
{
    /// <summary>The address that the jobs call.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>The client for calls to <see cref="Upstream"/>.</summary>
    public required HttpClient Http { get; init; }

    /// <summary>How much alike the parts of a group are at least, 0 to 1; null for the service's default.</summary>
    public double? Threshold { get; init; }

    /// <summary>The smallest group, 1 or more.</summary>
    public required int MinSize { get; init; }

    /// <summary>The results. They are read once, in order, and need not fit into memory together.</summary>
    public required IAsyncEnumerable<GroupingItem> Items { get; init; }
}

/// <summary>A finished result, and what its call computed.</summary>
/// <param name="Config">The configuration of its job, a UTF-8 JSON object; may be empty.</param>
/// <param name="Input">The task's input, UTF-8 JSON; may be empty.</param>
/// <param name="Derived">What the call computed.</param>
public readonly record struct GroupingItem(ReadOnlyMemory<byte> Config, ReadOnlyMemory<byte> Input, ReadOnlyMemory<byte> Derived);

/// <summary>How the parts of results were grouped.</summary>
/// <param name="Version">The version of the data, such as a gallery of people, that says which parts are unknown.</param>
/// <param name="Parts">How many parts the results have.</param>
/// <param name="Unknown">How many of them are unknown.</param>
/// <param name="Groups">The groups, the largest first.</param>
public sealed record GroupingOutcome(long Version, int Parts, int Unknown, IReadOnlyList<PartGroup> Groups);

/// <summary>Parts of results that show the same subject.</summary>
/// <param name="Best">
/// How many of the first members show the subject best, for a person to look at and for the service to learn from.
/// </param>
/// <param name="Members">The parts, the best first.</param>
public sealed record PartGroup(int Best, IReadOnlyList<GroupMember> Members);

/// <summary>A part of a result.</summary>
/// <param name="Item">The position of the result in <see cref="GroupingContext.Items"/>, from 0.</param>
/// <param name="Part">The position of the part in the result, from 0.</param>
public readonly record struct GroupMember(int Item, int Part);

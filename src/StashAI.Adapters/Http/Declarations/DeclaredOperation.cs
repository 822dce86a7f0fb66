using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Schemas;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>One operation of a declared service.</summary>
public sealed record DeclaredOperation
{
    internal DeclaredOperation(RequestTemplate request, DeclaredRules rules) => (Request, Rules) = (request, rules);

    /// <summary>The operation's names, and how its results are summarized.</summary>
    public required AdapterOperation Operation { get; init; }

    /// <summary>A description for people, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The schema of an item.</summary>
    public required FieldSchema Item { get; init; }

    /// <summary>What it costs; null when that is not declared.</summary>
    public DeclaredCost? Cost { get; init; }

    /// <summary>The path after the service's address, as declared.</summary>
    public string Path => Request.PathText;

    internal RequestTemplate Request { get; }

    internal DeclaredRules Rules { get; }

    /// <summary>Maps an answer to the form of the item's own API, given the item; null where it has that form.</summary>
    internal Func<TaskOutcome.Completed, ReadOnlyMemory<byte>, TaskOutcome>? MapAnswer { get; init; }

    /// <summary>Makes a mapping of whole lines of an answer in pieces, given the item; null where they have the form of its API.</summary>
    internal Func<ReadOnlyMemory<byte>, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>>? MapLines { get; init; }

    /// <summary>What a whole stream of events is, where an item may ask for one; null where none does.</summary>
    internal EventForm? Events { get; init; }

    /// <summary>How several items share a call; null when each item has its own call.</summary>
    internal PackTemplate? Pack { get; init; }
}

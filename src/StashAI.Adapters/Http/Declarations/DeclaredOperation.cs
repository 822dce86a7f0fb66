using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Schemas;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>One operation of a declared service.</summary>
public sealed record DeclaredOperation
{
    internal DeclaredOperation(RequestTemplate request, DeclaredRules rules) => (Request, Rules) = (request, rules);

    /// <summary>Its names, and how its results fold.</summary>
    public required AdapterOperation Operation { get; init; }

    /// <summary>For people; may be null.</summary>
    public string? Description { get; init; }

    /// <summary>What an item must be.</summary>
    public required FieldSchema Item { get; init; }

    /// <summary>What one item costs, in whatever currency the operator counts; null when nobody said.</summary>
    public double? CostPerItem { get; init; }

    /// <summary>The path behind the service's address, as declared.</summary>
    public string Path => Request.PathText;

    internal RequestTemplate Request { get; }

    internal DeclaredRules Rules { get; }

    /// <summary>How several items share a call; null when each has its own.</summary>
    internal PackTemplate? Pack { get; init; }
}

using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>One operation of a service, as the routes need it.</summary>
/// <param name="Operation">The operation's names.</param>
/// <param name="Item">The schema of an item.</param>
/// <param name="Path">The path after the service's address.</param>
/// <param name="Cost">What it costs, or null.</param>
/// <param name="Description">A description for people, or null.</param>
internal sealed record ServiceOperation(AdapterOperation Operation, FieldSchema Item, string Path, DeclaredCost? Cost, string? Description)
{
    /// <summary>The slot of a file that is the item itself.</summary>
    public const string WholeSlot = "file";

    public string Name => Operation.Name;

    /// <summary>The fields of an item that are files.</summary>
    public IReadOnlyList<string> FileFields => Item.Type == FieldType.Any ? Operation.FileFields : Item.FileFields;
}

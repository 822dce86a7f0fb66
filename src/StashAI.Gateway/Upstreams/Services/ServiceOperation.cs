using StashAI.Adapters.Http.Schemas;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>One operation of a service, as the routes need it.</summary>
/// <param name="Operation">Its names.</param>
/// <param name="Item">What an item must be.</param>
/// <param name="Path">The path behind the service's address.</param>
/// <param name="CostPerItem">What an item costs, or null.</param>
/// <param name="Description">For people, or null.</param>
internal sealed record ServiceOperation(AdapterOperation Operation, FieldSchema Item, string Path, double? CostPerItem, string? Description)
{
    public string Name => Operation.Name;

    /// <summary>Where an item holds files.</summary>
    public IReadOnlyList<string> FileFields => Item.Type == FieldType.Any ? Operation.FileFields : Item.FileFields;
}

using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Upstreams.Services;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>What the parts of a form may be for one operation.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Operation">The operation's name.</param>
/// <param name="Item">The schema of an item: its properties may be text parts.</param>
/// <param name="Files">The fields of an item that are files.</param>
internal sealed record FormFields(string Service, string Operation, FieldSchema Item, IReadOnlyList<string> Files)
{
    public static FormFields Of(ServiceEntry entry, ServiceOperation operation) =>
        new(entry.Name, operation.Name, operation.Item, operation.FileFields);
}

using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Services;
using StashAI.Sdk;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>The service and operation that a schedule submits to, and where their items hold a file.</summary>
/// <param name="TakesPaths">True when items may name a file by its path; otherwise its bytes are sent.</param>
/// <param name="FileField">The field of an item that holds a file; empty when the item is the file, null when items have none.</param>
/// <param name="IdField">The field for the id of an item; null for none.</param>
/// <param name="Extensions">The endings of files that it takes; null for any.</param>
/// <param name="Secrets">Keys of its configuration that are secrets.</param>
internal sealed record ScheduleTarget(
    bool TakesPaths, string? FileField, string? IdField, IReadOnlyList<string>? Extensions, IReadOnlyCollection<string> Secrets)
{
    /// <exception cref="RequestException">There is no such service or operation now.</exception>
    public static ScheduleTarget Find(ServiceCatalog catalog, ServiceRegistry registry, string service, string? operation)
    {
        if (catalog.Find(service) is { } entry)
        {
            var own = Pick(entry.Operations, one => one.Name, operation, entry.Default?.Name, service);
            return new ScheduleTarget(
                TakesPaths: true, own.FileFields.Count > 0 ? own.FileFields[0] : null,
                own.Item.Find("item_id") is null ? null : "item_id", Extensions: null, entry.Adapter.Manifest.SecretConfig);
        }

        if (!catalog.IsBuiltIn(service) || registry.Find(service) is not { } adapter)
        {
            throw RequestException.Invalid(
                "service", $"there is no service '{Excerpt.Of(service)}' now.{FieldCheck.Suggest(service, registry.Names)} "
                    + "GET /api/services lists them.");
        }

        var manifest = adapter.Manifest;
        var chosen = Pick(manifest.Operations, one => one.Name, operation, manifest.DefaultOperation, service);
        if (chosen == VisageAdapter.Video)
            return new ScheduleTarget(TakesPaths: true, VideoItems.Slot, "item_id", VideoFiles.Extensions, manifest.SecretConfig);
        return chosen == VisageAdapter.Identify
            ? new ScheduleTarget(TakesPaths: false, "image", "item_id", PhotoFiles.Extensions, manifest.SecretConfig)
            : new ScheduleTarget(
                TakesPaths: false, chosen.FileFields.Count > 0 ? chosen.FileFields[0] : null, IdField: null, Extensions: null,
                manifest.SecretConfig);
    }

    private static T Pick<T>(IReadOnlyList<T> operations, Func<T, string> nameOf, string? name, string? usual, string service)
        where T : class
    {
        string[] names = [.. operations.Select(nameOf)];
        name ??= usual;
        if (name is null)
        {
            return operations is [var only] ? only : throw RequestException.Missing(
                "operation", $"{service} has several operations; choose one of {string.Join(", ", names)}.");
        }

        return operations.FirstOrDefault(one => nameOf(one) == name) ?? throw RequestException.Invalid(
            "operation",
            $"{service} has no operation '{Excerpt.Of(name)}' now.{FieldCheck.Suggest(name, names)} It has {string.Join(", ", names)}.");
    }
}

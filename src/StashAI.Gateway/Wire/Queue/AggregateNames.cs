using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>
/// Adds names to an aggregate of Visage, which counts items by their position: who is on which photo. Beside each list of positions stands
/// one of names, and beside each position the item's name. A job whose items have none stays as it is.
/// </summary>
internal static class AggregateNames
{
    /// <summary>The lists of positions, and the lists of their names.</summary>
    private static readonly Dictionary<string, string> Lists = new(StringComparer.Ordinal)
    {
        ["items"] = "item_names",
        ["matching_items"] = "matching_names",
    };

    /// <summary>The job with names in its aggregate.</summary>
    public static async Task<JobView> AddAsync(IRead store, JobView job, CancellationToken cancellationToken)
    {
        if (Parse(job) is not { } aggregate) return job;
        var keys = new HashSet<long>();
        Visit(aggregate, (_, ordinals) => keys.UnionWith(ordinals.Select(ordinal => TaskKey.From(job.Key, ordinal))), (_, ordinal) =>
            keys.Add(TaskKey.From(job.Key, ordinal)));
        return Add(job, aggregate, await ItemNames.ReadAsync(store, keys, cancellationToken));
    }

    /// <summary>The same for a job whose tasks are at hand.</summary>
    public static JobView Add(JobView job, IReadOnlyList<TaskView> tasks) =>
        Parse(job) is { } aggregate ? Add(job, aggregate, ItemNames.From(tasks)) : job;

    private static JobView Add(JobView job, JsonObject aggregate, IReadOnlyDictionary<long, ItemName> names)
    {
        if (names.Count == 0) return job;
        Visit(
            aggregate,
            (parent, ordinals) =>
            {
                foreach (var (list, named) in Lists)
                {
                    if (parent[list] is JsonArray { Count: > 0 })
                        parent[named] = new JsonArray([.. ordinals.Select(ordinal => (JsonNode?)JsonValue.Create(NameOf(ordinal)))]);
                }
            },
            (parent, ordinal) => parent[ItemNames.NameField] = NameOf(ordinal));
        var buffer = new ArrayBufferWriter<byte>(job.Aggregate.Length * 2);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options)) aggregate.WriteTo(json);
        return job with { Aggregate = buffer.WrittenMemory };

        string? NameOf(int ordinal) => names.TryGetValue(TaskKey.From(job.Key, ordinal), out var name) ? name.Text : null;
    }

    private static JsonObject? Parse(JobView job) =>
        job.Service == VisageAdapter.Name && !job.Aggregate.IsEmpty ? JsonNode.Parse(job.Aggregate.Span) as JsonObject : null;

    private static void Visit(JsonNode node, Action<JsonObject, List<int>> onList, Action<JsonObject, int> onItem)
    {
        foreach (var child in node is JsonObject parent ? parent.Select(member => member.Value).ToList() : [.. node.AsArray()])
        {
            if (child is JsonObject or JsonArray) Visit(child, onList, onItem);
        }

        if (node is not JsonObject holder) return;
        foreach (var list in Lists.Keys)
        {
            if (holder[list] is JsonArray positions
                && positions.All(one => one is JsonValue value && value.GetValueKind() == JsonValueKind.Number))
            {
                onList(holder, [.. positions.Select(one => one!.GetValue<int>())]);
            }
        }

        if (holder["item"] is JsonValue item && item.GetValueKind() == JsonValueKind.Number) onItem(holder, item.GetValue<int>());
    }
}

using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>
/// The one place that writes what a client calls an item into answers: <c>item_id</c> as it was sent, and <c>item_name</c> for people.
/// Neither is written for an item that has none.
/// </summary>
internal static class ItemNames
{
    public const string IdField = "item_id";

    public const string NameField = "item_name";

    /// <summary>The list of ids in the configuration of a request, by the position of the items.</summary>
    public const string ListField = "item_ids";

    private const int TasksPerRead = 500;

    /// <summary>
    /// What the client calls the item of a task. An id in the item itself, which may have been edited, is read from there.
    /// </summary>
    public static ItemName Of(TaskView task) => task.Item is { Id: null } item
        ? item with { Id = task.LargeInput is { } large ? large.ItemId : ItemName.IdIn(task.Input.Span) }
        : task.Item;

    public static void Write(Utf8JsonWriter json, TaskView task) => Write(json, Of(task));

    public static void Write(Utf8JsonWriter json, ItemName item)
    {
        if (item.Id is { } id)
        {
            json.WritePropertyName(IdField);
            json.WriteRawValue(id, skipInputValidation: true);
        }

        if (item.Name is { } name) json.WriteString(NameField, name);
    }

    /// <summary>The names of tasks by internal key; those without one are left out.</summary>
    public static async Task<IReadOnlyDictionary<long, ItemName>> ReadAsync(
        IRead store, IEnumerable<long> taskKeys, CancellationToken cancellationToken)
    {
        var names = new Dictionary<long, ItemName>();
        foreach (var keys in taskKeys.Distinct().Chunk(TasksPerRead))
            Add(names, await store.FindTasksAsync(keys, withOutput: false, cancellationToken));
        return names;
    }

    /// <summary>
    /// What people know items by: what the client calls each, and the beginning of its text. Items with neither are left out.
    /// </summary>
    public static async Task<IReadOnlyDictionary<long, (ItemName Name, string? Text)>> ReadKnownAsync(
        IRead store, IEnumerable<long> taskKeys, CancellationToken cancellationToken)
    {
        var known = new Dictionary<long, (ItemName Name, string? Text)>();
        foreach (var keys in taskKeys.Distinct().Chunk(TasksPerRead))
        {
            foreach (var task in await store.FindTasksAsync(keys, withOutput: false, cancellationToken))
            {
                if ((Of(task), ItemTexts.HeadOf(task)) is var item and not ({ IsNone: true }, null)) known[task.Key] = item;
            }
        }

        return known;
    }

    /// <summary>The names of tasks that were read.</summary>
    public static IReadOnlyDictionary<long, ItemName> From(IEnumerable<TaskView> tasks)
    {
        var names = new Dictionary<long, ItemName>();
        Add(names, tasks);
        return names;
    }

    private static void Add(Dictionary<long, ItemName> names, IEnumerable<TaskView> tasks)
    {
        foreach (var task in tasks)
        {
            if (Of(task) is { IsNone: false } name) names[task.Key] = name;
        }
    }
}

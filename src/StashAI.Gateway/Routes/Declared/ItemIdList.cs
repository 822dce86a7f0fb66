using System.Globalization;
using System.Text.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>A list in a request with a value for each item, in their order.</summary>
internal static class ItemIdList
{
    /// <summary>The ids of the items as JSON; null for an item without one.</summary>
    /// <exception cref="RequestException">There are not as many as items, or one of them is too long.</exception>
    public static IReadOnlyList<string?> Read(JsonElement list, string field, int items)
    {
        CheckLength(list, field, items);
        var ids = new List<string?>(items);
        foreach (var id in list.EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.Null && ItemNaming.TooLong(id.GetRawText()) is { } reason)
                throw RequestException.Invalid(string.Create(CultureInfo.InvariantCulture, $"{field}[{ids.Count}]"), reason);
            ids.Add(id.ValueKind == JsonValueKind.Null ? null : id.GetRawText());
        }

        return ids;
    }

    /// <summary>Refuses a list that does not have a value for each item.</summary>
    public static void CheckLength(JsonElement list, string field, int items)
    {
        var length = list.GetArrayLength();
        if (length != items)
        {
            throw RequestException.Invalid(
                field, $"has {length} {(length == 1 ? "value" : "values")} for {items} {(items == 1 ? "item" : "items")}; "
                + "send one for each item, in their order.");
        }
    }
}

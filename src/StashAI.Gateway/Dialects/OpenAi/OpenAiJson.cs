using System.Text.Json;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>Writes what OpenAI's objects have in common.</summary>
internal static class OpenAiJson
{
    /// <summary>A time in seconds since 1970, or null.</summary>
    public static void WriteSeconds(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } moment) json.WriteNumber(name, moment.ToUnixTimeSeconds());
        else json.WriteNull(name);
    }

    /// <summary>A page of a list; clients ask for the next one with the id of the last entry.</summary>
    /// <param name="context">The request.</param>
    /// <param name="entries">The entries of the page.</param>
    /// <param name="hasMore">True when there is another page.</param>
    /// <param name="id">The id of an entry.</param>
    /// <param name="write">Writes an entry.</param>
    public static Task WritePageAsync<T>(
        HttpContext context, IReadOnlyList<T> entries, bool hasMore, Func<T, string> id, Action<Utf8JsonWriter, T> write) =>
        WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var entry in entries) write(json, entry);
            json.WriteEndArray();
            json.WriteString("first_id", entries.Count > 0 ? id(entries[0]) : null);
            json.WriteString("last_id", entries.Count > 0 ? id(entries[^1]) : null);
            json.WriteBoolean("has_more", hasMore);
            json.WriteEndObject();
        });
}

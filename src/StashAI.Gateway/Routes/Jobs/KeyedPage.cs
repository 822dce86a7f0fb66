using System.Text.Json;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>A page of a list whose entries have keys, the newest first, as <c>limit</c> and <c>cursor</c> of a request name it.</summary>
/// <param name="Limit">How many entries it has at most.</param>
/// <param name="Before">Its entries have keys below this one.</param>
internal readonly record struct KeyedPage(int Limit, long Before)
{
    /// <summary>How many entries are to be read: one more says that there are further pages.</summary>
    public int Wanted => Limit + 1;

    /// <exception cref="Wire.Problems.RequestException">The limit or the cursor is not valid.</exception>
    public static KeyedPage Of(HttpContext context) => new(
        context.Request.Query.Number(ParameterDoc.Limit, 50), PageCursor.Read(context.Request.Query) ?? long.MaxValue);

    /// <summary>Answers with the entries that were found and where the next page begins.</summary>
    public Task WriteAsync<T>(HttpContext context, IReadOnlyList<T> found, Func<T, long> keyOf, Action<Utf8JsonWriter, T> write)
    {
        var page = found.Take(Limit).ToList();
        var hasMore = found.Count > Limit;
        var isWhole = Before == long.MaxValue && !hasMore;
        return WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var one in page) write(json, one);
            json.WriteEndArray();
            EntryJson.WriteEnd(json, hasMore ? PageCursor.Write(keyOf(page[^1])) : null, found.Count, isWhole);
            json.WriteEndObject();
        });
    }
}

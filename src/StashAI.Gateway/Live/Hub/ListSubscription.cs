using System.Text.Json;

namespace StashAI.Gateway.Live.Hub;

/// <summary>
/// What one client still has to receive of a list that it follows: a page, then the newest state of each entry that changed since. A client
/// that is too slow gets a page again instead.
/// </summary>
/// <param name="filter">The list.</param>
/// <param name="name">The name that the client gave it.</param>
/// <param name="limit">The most entries that are kept.</param>
/// <param name="wake">Called when there is something to send.</param>
internal sealed class ListSubscription(LiveFilter filter, string name, int limit, Action wake)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ListEntry> changes = new(StringComparer.Ordinal);
    private ListPage? page;
    private Action<Utf8JsonWriter>? writeRest;
    private bool hasPage;

    public LiveFilter Filter => filter;

    public string Name => name;

    /// <summary>Begins the list anew.</summary>
    public void Begin(ListPage first)
    {
        lock (gate)
        {
            changes.Clear();
            writeRest = null;
            page = first;
            hasPage = true;
        }

        wake();
    }

    /// <summary>Adds changes behind the page.</summary>
    /// <returns>False when there are too many, so that the client needs a page again.</returns>
    public bool TryAdd(IReadOnlyList<ListEntry> entries, Action<Utf8JsonWriter> rest)
    {
        lock (gate)
        {
            if (!hasPage) return true;
            writeRest = rest;
            foreach (var entry in entries) changes[entry.Id] = entry;
            if (changes.Count > limit)
            {
                changes.Clear();
                writeRest = null;
                hasPage = false;
                return false;
            }
        }

        wake();
        return true;
    }

    /// <summary>Takes what is to be sent; there is no change without what writes the fields besides the entries.</summary>
    public (ListPage? Page, IReadOnlyList<ListEntry> Changes, Action<Utf8JsonWriter>? WriteRest) Take()
    {
        lock (gate)
        {
            var (first, rest) = (page, (IReadOnlyList<ListEntry>)[.. changes.Values]);
            var fields = writeRest;
            (page, writeRest) = (null, null);
            changes.Clear();
            return (first, rest, fields);
        }
    }
}

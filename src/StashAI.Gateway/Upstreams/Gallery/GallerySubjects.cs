using System.Text.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Audit;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Gallery;

/// <summary>
/// The people of the gallery, for erasures. The log of changes tells the names that a person had, and the people who were merged into one:
/// results of that time have their ids.
/// </summary>
internal sealed class GallerySubjects(GalleryClient gallery, IAudit audit) : ISubjectSource
{
    private const int PageSize = 500;

    public async Task<ErasedSubject> DescribeAsync(string id, CancellationToken cancellationToken)
    {
        var person = await AskAsync(() => gallery.ShowAsync(Guid.Parse(id), cancellationToken));
        var changes = await ReadChangesAsync(cancellationToken);
        var ids = new List<string> { id };
        for (var i = 0; i < ids.Count; i++)
        {
            ids.AddRange(changes.Where(change => Is(change.Id, ids[i])).SelectMany(change => change.Merged)
                .Where(one => !ids.Exists(known => Is(known, one))));
        }

        // A name that somebody else has had too is not erased: it names both.
        var ofOthers = changes.Where(change => !ids.Exists(one => Is(one, change.Id))).SelectMany(change => change.Names)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = changes.Where(change => ids.Exists(one => Is(one, change.Id))).SelectMany(change => change.Names)
            .Where(name => !ofOthers.Contains(name));
        if (person is not null) names = names.Prepend(person.Name);
        return new ErasedSubject(ids, [.. names.Distinct(StringComparer.OrdinalIgnoreCase)]);
    }

    public Task DeleteAsync(string id, CancellationToken cancellationToken) => AskAsync<object>(async () =>
    {
        await gallery.DeleteAsync(Guid.Parse(id), cancellationToken);
        return id;
    });

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null for a person who is gone.</summary>
    private static async Task<T?> AskAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (RequestException exception) when (exception.Problem.Status == StatusCodes.Status404NotFound)
        {
            return null;
        }
        catch (RequestException exception)
        {
            throw new HttpRequestException(exception.Problem.Detail, exception);
        }
    }

    private async Task<List<Change>> ReadChangesAsync(CancellationToken cancellationToken)
    {
        var changes = new List<Change>();
        for (var before = long.MaxValue; ;)
        {
            var page = await audit.ListAuditAsync(before, PageSize, cancellationToken);
            changes.AddRange(page.Where(entry => entry is { TargetKind: "person", TargetId: not null, Details: not null }).Select(Read));
            if (page.Count < PageSize) return changes;
            before = page[^1].Key;
        }
    }

    private static Change Read(AuditEntry entry)
    {
        using var document = JsonDocument.Parse(entry.Details!);
        var details = document.RootElement;
        if (details.ValueKind != JsonValueKind.Object) return new Change(entry.TargetId!, [], []);
        var names = new List<string>();
        foreach (var field in (ReadOnlySpan<string>)["name", "former_name"])
        {
            if (details.TryGetProperty(field, out var name) && name.ValueKind == JsonValueKind.String) names.Add(name.GetString()!);
        }

        var merged = details.TryGetProperty("from", out var from) && from.ValueKind == JsonValueKind.Array
            ? from.EnumerateArray().Select(one => one.ToString()).ToList()
            : [];
        return new Change(entry.TargetId!, names, merged);
    }

    private sealed record Change(string Id, IReadOnlyList<string> Names, IReadOnlyList<string> Merged);
}

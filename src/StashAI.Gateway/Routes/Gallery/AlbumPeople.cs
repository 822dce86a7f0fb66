using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Subjects;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>Reads who the people are whom results show: from the gallery, and their names also from the results themselves.</summary>
internal static class AlbumPeople
{
    /// <summary>The people in the gallery, by the ids of the results; those whom it does not know are left out.</summary>
    public static async Task<IReadOnlyDictionary<string, GalleryPerson>> FindAsync(
        GalleryClient gallery, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, GalleryPerson>(StringComparer.Ordinal);
        foreach (var part in ids.Where(id => Guid.TryParse(id, out _)).Select(Guid.Parse).Distinct().Chunk(GalleryClient.MaxIds))
        {
            foreach (var person in await gallery.FindAsync(part, cancellationToken)) known[person.Id.ToString()] = person;
        }

        return known;
    }

    /// <summary>The same; nobody while the gallery cannot be read.</summary>
    public static async Task<IReadOnlyDictionary<string, GalleryPerson>> TryFindAsync(
        GalleryClient gallery, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(gallery, ids, cancellationToken);
        }
        catch (RequestException exception) when (exception.Problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            return new Dictionary<string, GalleryPerson>();
        }
    }

    /// <summary>The name that a result has for a person; null when no result shows the person any more.</summary>
    public static async Task<string?> NameAsync(ISubjects store, string id, long? jobKey, CancellationToken cancellationToken)
    {
        var page = await store.ListTasksAsync(new SubjectQuery(id, jobKey, null, null, 1), cancellationToken);
        if (page.Tasks is not [var shown]) return null;
        using var answer = JsonDocument.Parse(shown.Task.Output);
        return VisageFaces.PlacesOf(answer.RootElement, id).Select(place => place.Person!.PersonName).FirstOrDefault();
    }
}

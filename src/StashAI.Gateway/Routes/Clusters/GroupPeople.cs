using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Groupings;

namespace StashAI.Gateway.Routes.Clusters;

/// <summary>Finds the people after whom groups are named. Only their ids are stored with the groups.</summary>
internal sealed class GroupPeople(GalleryClient gallery)
{
    /// <summary>The people of some groups by id. Those who were deleted are missing; without the face service the names are null.</summary>
    public async Task<IReadOnlyDictionary<Guid, string?>> ReadAsync(
        IEnumerable<StoredGroup> groups, CancellationToken cancellationToken)
    {
        var names = new Dictionary<Guid, string?>();
        foreach (var id in groups.Select(IdOf).OfType<Guid>().Distinct())
        {
            try
            {
                if (await FindAsync(id, cancellationToken) is { } person) names[id] = person.Name;
            }
            catch (RequestException exception) when (exception.Problem.Status == StatusCodes.Status503ServiceUnavailable)
            {
                names[id] = null;
            }
        }

        return names;
    }

    /// <summary>A person; null for one who is not in the gallery.</summary>
    public async Task<GalleryPerson?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await gallery.ShowAsync(id, cancellationToken);
        }
        catch (RequestException exception) when (exception.Problem.Status == StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    /// <summary>Whether the person of a named group was deleted from all results, which leaves a mark instead of the id.</summary>
    public static bool IsErased(StoredGroup group) => group.IsNamed && !Guid.TryParse(group.Subject, out _);

    /// <summary>The person after whom a group is named; null for none.</summary>
    public static Guid? IdOf(StoredGroup group) => group.IsNamed && Guid.TryParse(group.Subject, out var id) ? id : null;
}

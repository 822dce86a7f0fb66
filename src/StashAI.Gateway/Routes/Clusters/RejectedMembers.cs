using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Clusters;

/// <summary>
/// Finds the faces of named groups that are not of the group's person, as somebody said. The gallery keeps that, so that what is said
/// later, on any page, counts here too.
/// </summary>
internal sealed class RejectedMembers(QueueEngine engine, GalleryClient gallery)
{
    private const int PageSize = 1000;

    /// <summary>The rejected faces of some groups; none while the face service does not answer.</summary>
    public async Task<IReadOnlySet<StoredMember>> ReadAsync(
        Grouping grouping, IReadOnlyList<JobView> jobs, IReadOnlyList<StoredGroup> groups, CancellationToken cancellationToken)
    {
        var ids = jobs.ToDictionary(job => job.Key, job => job.JobId);
        var found = new HashSet<StoredMember>();
        foreach (var group in groups)
        {
            if (GroupPeople.IdOf(group) is not { } person) continue;
            var rejected = await ReadFacesAsync(person, cancellationToken);
            for (var from = 0; from < group.Members && rejected.Count > 0; from += PageSize)
            {
                var page = await engine.Results.Groupings.ListMembersAsync(
                    grouping.JobKey, group.Number, group.Number, from, from + PageSize, cancellationToken);
                found.UnionWith(page.Where(member =>
                    ids.TryGetValue(TaskKey.JobOf(member.TaskKey), out var job)
                    && rejected.Remove((TaskKey.TaskId(job, TaskKey.OrdinalOf(member.TaskKey)), member.Part))));
            }
        }

        return found;
    }

    private async Task<HashSet<(Guid Task, int Face)>> ReadFacesAsync(Guid person, CancellationToken cancellationToken)
    {
        try
        {
            var all = await gallery.RejectionsAsync(person, cancellationToken);
            return [.. all.Rejections.Select(rejection => ResultFace.ReadSource(rejection.Source)).OfType<(string Task, int Face)>()
                .Select(face => (Guid.Parse(face.Task), face.Face))];
        }
        catch (RequestException exception)
            when (exception.Problem.Status is StatusCodes.Status404NotFound or StatusCodes.Status503ServiceUnavailable)
        {
            return [];
        }
    }
}

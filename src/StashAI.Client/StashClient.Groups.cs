using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>
    /// Groups the unknown faces of ended jobs of photos by person. No model is called. The groups replace those that the job had. The
    /// server works on it; follow it with <see cref="WatchGroupingAsync"/>. Needs the role submit.
    /// </summary>
    /// <param name="jobId">The id of the job that the groups will belong to.</param>
    /// <param name="otherJobs">More jobs whose faces are grouped together with those of this one.</param>
    /// <param name="threshold">The least mean confidence between the faces of a group, 0 to 1; null for the service's default.</param>
    /// <param name="minFaces">The smallest group that is kept, 1 or more.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    /// <exception cref="StashConflictException">A job has not ended, or no faces of it are stored.</exception>
    public Task<FaceGrouping> GroupFacesAsync(
        Guid jobId, IReadOnlyList<Guid>? otherJobs = null, double? threshold = null, int minFaces = 2,
        CancellationToken cancellationToken = default)
    {
        var body = new JsonObject { ["min_faces"] = minFaces };
        if (otherJobs is { Count: > 0 }) body["jobs"] = new JsonArray([.. otherJobs.Select(job => (JsonNode)job.ToString())]);
        if (threshold is { } least) body["threshold"] = least;
        return SendAsync(
            Routes.StartClusters, [jobId.ToString()], body, StashJsonContext.Default.JsonObject, StashJsonContext.Default.FaceGrouping,
            cancellationToken);
    }

    /// <summary>
    /// Reads how far the last grouping of a job is; one with the state <see cref="RematchState.None"/> if its faces were never grouped.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public Task<FaceGrouping> LastGroupingAsync(Guid jobId, CancellationToken cancellationToken = default) => api.ReadAsync(
        Routes.Clusters, Routes.Clusters.Fill([jobId.ToString()], ("limit", "1")), StashJsonContext.Default.FaceGrouping,
        cancellationToken);

    /// <summary>Follows the last grouping of a job: its state now, and again at every poll until it has ended.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the watch; the grouping goes on.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public async IAsyncEnumerable<FaceGrouping> WatchGroupingAsync(
        Guid jobId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var grouping = await LastGroupingAsync(jobId, cancellationToken).ConfigureAwait(false);
            yield return grouping;
            if (grouping.IsOver) yield break;
            await Task.Delay(BulkPollInterval, api.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Lists the groups of a job's last grouping, the largest first; none if there is none. Pages are read as they are needed.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public async IAsyncEnumerable<FaceGroup> FaceGroupsAsync(
        Guid jobId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            Routes.Clusters, [jobId.ToString()], [], StashJsonContext.Default.WirePageFaceGroup, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var group in page.Data) yield return group;
        }
    }

    /// <summary>Lists the faces of a group, the best first. Pages are read as they are needed.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="group">The id of the group.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="StashNotFoundException">There is no such group.</exception>
    public async IAsyncEnumerable<GroupFace> FacesOfGroupAsync(
        Guid jobId, string group, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            Routes.ClusterFaces, [jobId.ToString(), group], [], StashJsonContext.Default.WirePageGroupFace, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var face in page.Data) yield return face;
        }
    }

    /// <summary>
    /// Enrols the best faces of a group as a new person, and judges the jobs of the groups again. It may be repeated. Needs the role
    /// submit.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="group">The id of the group.</param>
    /// <param name="name">The name of the person.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such group.</exception>
    /// <exception cref="StashConflictException">Somebody has the name, or the group was named after somebody else.</exception>
    public Task<NamedGroup> NameGroupAsync(Guid jobId, string group, string name, CancellationToken cancellationToken = default) =>
        NameRestOfGroupAsync(jobId, group, name, [], cancellationToken);

    /// <summary>
    /// As <see cref="NameGroupAsync"/>, for a group with faces of somebody else: they are not enrolled, and no match gives them the name.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="group">The id of the group.</param>
    /// <param name="name">The name of the person.</param>
    /// <param name="without">The faces of the group that are not of the person, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such group.</exception>
    /// <exception cref="StashConflictException">Somebody has the name, or the group was named after somebody else.</exception>
    /// <exception cref="StashInvalidRequestException">A face is not in the group, or no face would be left.</exception>
    public Task<NamedGroup> NameRestOfGroupAsync(
        Guid jobId, string group, string name, IReadOnlyList<ResultFace> without, CancellationToken cancellationToken = default) =>
        NameAsync(jobId, group, new JsonObject { ["name"] = name }, without, cancellationToken);

    /// <summary>
    /// Adds the best faces of a group to a person of the gallery, and judges the jobs of the groups again. It may be repeated. Needs the
    /// role submit.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="group">The id of the group.</param>
    /// <param name="personId">The id of the person.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such group.</exception>
    /// <exception cref="StashConflictException">The group was named after somebody else.</exception>
    public Task<NamedGroup> AddGroupAsync(Guid jobId, string group, Guid personId, CancellationToken cancellationToken = default) =>
        AddRestOfGroupAsync(jobId, group, personId, [], cancellationToken);

    /// <summary>
    /// As <see cref="AddGroupAsync"/>, for a group with faces of somebody else: they are not enrolled, and no match gives them the name.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="group">The id of the group.</param>
    /// <param name="personId">The id of the person.</param>
    /// <param name="without">The faces of the group that are not of the person, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such group.</exception>
    /// <exception cref="StashConflictException">The group was named after somebody else.</exception>
    /// <exception cref="StashInvalidRequestException">A face is not in the group, or no face would be left.</exception>
    public Task<NamedGroup> AddRestOfGroupAsync(
        Guid jobId, string group, Guid personId, IReadOnlyList<ResultFace> without, CancellationToken cancellationToken = default) =>
        NameAsync(jobId, group, new JsonObject { ["person_id"] = personId.ToString() }, without, cancellationToken);

    private Task<NamedGroup> NameAsync(
        Guid jobId, string group, JsonObject body, IReadOnlyList<ResultFace> without, CancellationToken cancellationToken)
    {
        if (without.Count > 0)
        {
            body["without"] = new JsonArray(
                [.. without.Select(face => (JsonNode)new JsonObject { ["task"] = face.Task.ToString(), ["face"] = face.Face })]);
        }

        return SendAsync(
            Routes.NameCluster, [jobId.ToString(), group], body, StashJsonContext.Default.JsonObject, StashJsonContext.Default.NamedGroup,
            cancellationToken);
    }
}

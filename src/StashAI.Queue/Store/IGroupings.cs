using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Rematches;

namespace StashAI.Queue.Store;

/// <summary>Groups of what results show of unknown subjects. Each job has the groups of its last grouping.</summary>
public interface IGroupings
{
    /// <summary>The most results of one read.</summary>
    const int MaxResults = 256;

    /// <summary>
    /// Stores that a job's results are to be grouped, and removes its groups. If a later operation grouped it meanwhile, nothing is done.
    /// </summary>
    /// <param name="grouping">The grouping; its times are those of the database.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task BeginGroupingAsync(Grouping grouping, CancellationToken cancellationToken);

    /// <summary>The last grouping of a job; null when there was none.</summary>
    Task<Grouping?> FindGroupingAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>
    /// The completed tasks of a job from an ordinal on, with their inputs and what their calls computed, in order; empty after the last.
    /// <see cref="StoredResult.Output"/> is empty.
    /// </summary>
    Task<IReadOnlyList<StoredResult>> ReadDerivedAsync(long jobKey, int from, CancellationToken cancellationToken);

    /// <summary>Stores how many results were read; without effect when another operation took over.</summary>
    Task SaveGroupingAsync(Grouping grouping, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a grouping with its groups, in one transaction; false, and nothing is stored, when another operation took over.
    /// </summary>
    /// <param name="grouping">The grouping with its figures.</param>
    /// <param name="groups">The groups, each with its members in order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> EndGroupingAsync(
        Grouping grouping, IReadOnlyList<(StoredGroup Group, IReadOnlyList<StoredMember> Members)> groups,
        CancellationToken cancellationToken);

    /// <summary>The groups of a job from a number on, in order.</summary>
    Task<IReadOnlyList<StoredGroup>> ListGroupsAsync(long jobKey, int from, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The members of the groups <paramref name="from"/> to <paramref name="to"/> (inclusive) with a position from
    /// <paramref name="position"/> on and below <paramref name="end"/>, in order. Members whose tasks were removed are left out.
    /// </summary>
    Task<IReadOnlyList<StoredMember>> ListMembersAsync(
        long jobKey, int from, int to, int position, int end, CancellationToken cancellationToken);

    /// <summary>
    /// Stores after whom a group is named; false, and nothing is stored, when the job has another grouping by now, or the group has another
    /// subject than <paramref name="expected"/>.
    /// </summary>
    Task<bool> NameGroupAsync(
        long jobKey, long bulkKey, int number, string? expected, string? subject, bool isNamed, CancellationToken cancellationToken);
}

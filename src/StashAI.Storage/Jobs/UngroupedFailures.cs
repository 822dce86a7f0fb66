using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Jobs;

/// <summary>Tasks that failed before there were groups: what a job's counts by kind of error have more than its groups.</summary>
internal static class UngroupedFailures
{
    /// <summary>The groups, and one more for each kind of error that has tasks in none of them.</summary>
    public static IReadOnlyList<FailureGroup> AddTo(IReadOnlyList<FailureGroup> groups, IReadOnlyList<JobErrors> errors, int maxGroups)
    {
        // Then not all groups were read, and nothing is known of the rest.
        if (groups.Count >= maxGroups) return groups;
        var rest = errors.Select(error => (Error: error, Count: error.Count - groups.Where(group => group.Kind == error.Kind)
            .Sum(group => group.Count)))
            .Where(one => one.Count > 0)
            .Select(one => new FailureGroup
            {
                Fingerprint = null,
                Kind = one.Error.Kind,
                HttpStatus = null,
                Pattern = null,
                Message = one.Error.Example,
                Count = one.Count,
                FirstAt = null,
                LastAt = null,
                Examples = [],
            });
        return [.. groups.Concat(rest).OrderByDescending(group => group.Count)];
    }
}

using StashAI.Queue.Model.Subjects;

namespace StashAI.Storage.Jobs;

/// <summary>Orders and pages counts of subjects that were made for one read.</summary>
internal static class CompanionCounts
{
    public static SubjectPage<SubjectCount> Page(List<SubjectCount> all, bool isExact, SubjectCount? after, int limit)
    {
        all.Sort(Compare);
        List<SubjectCount> rest = after is { } last ? all.FindAll(one => Compare(one, last) > 0) : all;
        return new SubjectPage<SubjectCount>(rest.Count > limit ? rest.GetRange(0, limit) : rest, all.Count, isExact, rest.Count > limit);
    }

    private static int Compare(SubjectCount a, SubjectCount b) =>
        a.Tasks != b.Tasks ? b.Tasks.CompareTo(a.Tasks) : string.CompareOrdinal(b.Subject, a.Subject);
}

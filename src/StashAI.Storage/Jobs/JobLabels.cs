using StashAI.Queue.Model.Jobs;

namespace StashAI.Storage.Jobs;

/// <summary>What a job is found by, as <c>job_labels</c> has it. The numbers are stored.</summary>
internal static class JobLabels
{
    public const int Tag = 0;
    public const int Owner = 1;
    public const int Name = 2;

    private const int NameLength = 100;

    /// <summary>The labels of a new job.</summary>
    public static IReadOnlyList<(int Kind, string Value)> Of(NewJob job) =>
    [
        .. job.Tags.Distinct(StringComparer.Ordinal).Select(tag => (Tag, tag)),
        .. job.Owner is { } owner ? [(Owner, owner)] : Array.Empty<(int, string)>(),
        .. OfName(job.Name),
    ];

    /// <summary>The label that jobs are sorted by name with: its first characters in lower case; none for a job without a name.</summary>
    public static IReadOnlyList<(int Kind, string Value)> OfName(string name)
    {
        var start = name.Length > NameLength ? name[..(char.IsHighSurrogate(name[NameLength - 1]) ? NameLength - 1 : NameLength)] : name;
        return start.Length > 0 ? [(Name, start.ToLowerInvariant())] : [];
    }

    /// <summary>Tags that a statement joined by line breaks, which no tag has.</summary>
    public static IReadOnlyList<string> Split(string? joined)
    {
        if (joined is null) return [];
        var tags = joined.Split('\n');
        Array.Sort(tags, StringComparer.Ordinal);
        return tags;
    }
}

namespace StashAI.Hosting.Files;

/// <summary>
/// Notices files that come, change, are replaced or go, by looking at them: file systems in containers send no events. Not for several threads at once.
/// </summary>
/// <param name="list">The files to look at now, such as those of a folder.</param>
public sealed class FileWatch(Func<IEnumerable<string>> list)
{
    private Dictionary<string, FileVersion> last = [];

    /// <summary>Looks again.</summary>
    /// <returns>The files that are not as they were the last time, by name, with what they hold now; at the first time all that there are.</returns>
    public IReadOnlyDictionary<string, FileVersion> Look()
    {
        var now = list().Distinct(StringComparer.Ordinal).ToDictionary(path => path, FileVersion.Of, StringComparer.Ordinal);
        var changed = now.Where(one => last.GetValueOrDefault(one.Key) != one.Value).ToDictionary(StringComparer.Ordinal);
        foreach (var gone in last.Where(one => one.Value != FileVersion.None && !now.ContainsKey(one.Key))) changed.Add(gone.Key, FileVersion.None);
        last = now;
        return changed;
    }
}

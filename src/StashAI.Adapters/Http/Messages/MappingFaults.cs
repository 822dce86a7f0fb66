namespace StashAI.Adapters.Http.Messages;

/// <summary>Collects what of a request cannot be mapped, so that its sender learns of all of it at once.</summary>
internal sealed class MappingFaults
{
    private const int Most = 10;

    private readonly List<string> faults = [];
    private int count;

    /// <summary>Notes a fault.</summary>
    /// <param name="field">The field, such as <c>messages[0].content[1].type</c>.</param>
    /// <param name="reason">What is wrong with it, as the end of a sentence.</param>
    public void Add(string field, string reason)
    {
        if (++count <= Most) faults.Add($"{field} {reason}");
    }

    /// <exception cref="FormatException">Something cannot be mapped.</exception>
    public void ThrowIfAny()
    {
        if (count == 0) return;
        throw new FormatException(string.Join("; ", faults) + (count > Most ? $"; and {count - Most} more." : "."));
    }
}

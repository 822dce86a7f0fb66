namespace StashAI.Gateway.Submit.Direct;

/// <summary>What all uploads of this process may hold in memory together, in case the database fails them.</summary>
internal sealed class DirectMemory(long limit)
{
    /// <summary>
    /// An upload that asks for more than is left is not held, and then stands or falls with the database. With it the process still keeps its
    /// promise for uploads: they let it grow by less than 100 MB.
    /// </summary>
    public const long DefaultLimit = 16L << 20;

    private long used;

    public long Used => Interlocked.Read(ref used);

    /// <summary>True when a body of so many bytes may fit at all; null for one of unknown length.</summary>
    public bool MayFit(long? bodyBytes) => bodyBytes is not { } bytes || bytes / 4 * 3 <= limit;

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref used, bytes) <= limit) return true;
        Give(bytes);
        return false;
    }

    public void Give(long bytes) => Interlocked.Add(ref used, -bytes);
}

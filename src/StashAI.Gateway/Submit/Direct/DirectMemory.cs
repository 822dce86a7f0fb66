namespace StashAI.Gateway.Submit.Direct;

/// <summary>The memory that all uploads of this process share to survive a failure of the database.</summary>
internal sealed class DirectMemory(long limit)
{
    /// <summary>
    /// An upload that needs more than is left is not mirrored, so it fails if the database fails. With this limit, the process keeps its
    /// promise that uploads increase its memory by less than 100 MB.
    /// </summary>
    public const long DefaultLimit = 16L << 20;

    private long used;

    public long Used => Interlocked.Read(ref used);

    /// <summary>True when a body of this length may fit; null for an unknown length.</summary>
    public bool MayFit(long? bodyBytes) => bodyBytes is not { } bytes || bytes / 4 * 3 <= limit;

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref used, bytes) <= limit) return true;
        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref used, -bytes);
}

namespace StashAI.Storage.Sqlite;

/// <summary>
/// A locked file beside the database that proves that a node's process lives. The operating system drops the lock with the
/// process, so another process on the host that can take it knows that the node is dead and need not wait for its lease.
/// </summary>
internal sealed class NodeLock : IDisposable
{
    private readonly FileStream file;
    private readonly string path;

    private NodeLock(FileStream file, string path)
    {
        this.file = file;
        this.path = path;
    }

    /// <summary>Takes the lock of a node; null where locks do not work, or where its process lives.</summary>
    public static NodeLock? TryTake(string databasePath, long nodeKey)
    {
        var path = $"{databasePath}-node-{nodeKey}";
        FileStream? file = null;
        try
        {
            file = Open(path);
            // Some file systems accept a lock and do not keep it: then it would prove nothing.
            if (IsFree(path)) return null;
            var held = new NodeLock(file, path);
            file = null;
            return held;
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>True when the node had a lock and its process is gone. Cleans up behind it.</summary>
    public static bool IsDead(string databasePath, long nodeKey)
    {
        if (!File.Exists($"{databasePath}-node-{nodeKey}")) return false;
        using var taken = TryTake(databasePath, nodeKey);
        return taken is not null;
    }

    public void Dispose()
    {
        File.Delete(path);
        file.Dispose();
    }

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static bool IsFree(string path)
    {
        try
        {
            Open(path).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}

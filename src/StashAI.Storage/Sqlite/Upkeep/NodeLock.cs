namespace StashAI.Storage.Sqlite.Upkeep;

/// <summary>
/// A locked file beside the database that proves that a node's process lives. The operating system drops the lock with the
/// process, so another process on the host that can take it knows that the node is dead and need not wait for its lease. What the
/// file holds says which calls had begun (<see cref="CallNotes"/>).
/// </summary>
internal sealed class NodeLock : IDisposable
{
    private readonly FileStream file;
    private readonly string path;
    private CallNotes? notes;
    private bool keepsFile;

    private NodeLock(FileStream file, string path, long nodeKey)
    {
        this.file = file;
        this.path = path;
        NodeKey = nodeKey;
    }

    public long NodeKey { get; }

    /// <summary>Of a dead node: the tasks whose calls had begun; null when it cannot be said.</summary>
    public HashSet<long>? Begun { get; private set; }

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
            var held = new NodeLock(file, path, nodeKey);
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

    /// <summary>Takes over the lock of a node that had one and whose process is gone; null otherwise. Disposing it cleans up behind the node.</summary>
    public static NodeLock? TryTakeDead(string databasePath, long nodeKey)
    {
        if (!File.Exists($"{databasePath}-node-{nodeKey}")) return null;
        if (TryTake(databasePath, nodeKey) is not { } taken) return null;
        taken.keepsFile = true;
        taken.Begun = CallNotes.Read(taken.file);
        return taken;
    }

    /// <summary>Begins to note calls. Without room for the notes all that the node holds counts as begun.</summary>
    public void OpenNotes()
    {
        try
        {
            notes = new CallNotes(file);
        }
        catch (IOException)
        {
            file.SetLength(0);
        }
    }

    public int Begin(long taskKey) => notes?.Begin(taskKey) ?? -1;

    public void End(int note) => notes?.End(note);

    /// <summary>Says whether the file stays when this is disposed.</summary>
    public void KeepFile(bool keep) => keepsFile = keep;

    public void Dispose()
    {
        notes?.Dispose();
        if (!keepsFile) File.Delete(path);
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

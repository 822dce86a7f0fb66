namespace StashAI.Storage.Sqlite.Upkeep;

/// <summary>
/// A locked file next to the database that proves that a node's process is alive. The operating system releases the lock when the process
/// ends, so another process on the host that gets the lock knows that the node is dead, and need not wait for its lease to expire. The
/// file says which calls had begun (<see cref="CallNotes"/>).
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

    /// <summary>For a dead node: the tasks whose calls had begun; null when unknown.</summary>
    public HashSet<long>? BegunTasks { get; private set; }

    /// <summary>Takes the lock of a node; null if locks do not work, or if its process is alive.</summary>
    public static NodeLock? TryTake(string databasePath, long nodeKey)
    {
        var path = $"{databasePath}-node-{nodeKey}";
        FileStream? file = null;
        try
        {
            file = Open(path);
            // Some file systems accept a lock without enforcing it; then it would prove nothing.
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

    /// <summary>Takes over the lock of a node whose process is dead; null otherwise. Disposing it cleans up after the node.</summary>
    public static NodeLock? TryTakeDead(string databasePath, long nodeKey)
    {
        if (!File.Exists($"{databasePath}-node-{nodeKey}")) return null;
        if (TryTake(databasePath, nodeKey) is not { } taken) return null;
        taken.keepsFile = true;
        taken.BegunTasks = CallNotes.Read(taken.file);
        return taken;
    }

    /// <summary>Starts noting calls. Without space for notes, all calls of the node count as begun.</summary>
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

    /// <summary>Sets whether the file is kept when this is disposed.</summary>
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

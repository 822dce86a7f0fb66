namespace StashAI.Visage.Gallery.Sqlite;

/// <summary>
/// Prevents a second process from using the folder: each process keeps the faces in memory and would not see the other's changes. The
/// operating system releases the lock when the process ends.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <exception cref="InvalidOperationException">Another process uses the folder.</exception>
    public static FolderLock Take(string directory)
    {
        var path = Path.Combine(directory, "visage.lock");
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception)
        {
            throw new InvalidOperationException(
                $"Another Visage process uses {Path.GetFullPath(directory)}. Stop it, or choose another data folder (VISAGE_DATA_DIR).",
                exception);
        }
    }

    public void Dispose() => file.Dispose();
}

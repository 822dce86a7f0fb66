namespace StashAI.Visage.Gallery;

/// <summary>
/// Keeps a second process out of the folder: each holds the faces in memory and would not see the other's changes. The
/// operating system releases it when the process dies.
/// </summary>
internal sealed class GalleryLock : IDisposable
{
    private readonly FileStream file;

    private GalleryLock(FileStream file) => this.file = file;

    /// <exception cref="InvalidOperationException">Another process holds it.</exception>
    public static GalleryLock Take(string directory)
    {
        var path = Path.Combine(directory, "visage.lock");
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException inUse)
        {
            throw new InvalidOperationException($"Another Visage uses {Path.GetFullPath(directory)}. Stop it, or choose another data folder.", inUse);
        }
    }

    public void Dispose() => file.Dispose();
}

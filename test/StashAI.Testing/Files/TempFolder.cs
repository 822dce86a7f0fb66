namespace StashAI.Testing.Files;

/// <summary>A folder of one test under the system's temp folder; deleted with all it holds on dispose.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Makes a new, empty folder that only this user may read.</summary>
    public TempFolder() => Path = Directory.CreateTempSubdirectory("stashai-test-").FullName;

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>The absolute path of a file or folder inside, which need not exist.</summary>
    public string File(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Makes a folder inside, with its parents, and returns its absolute path.</summary>
    public string Folder(params ReadOnlySpan<string> parts) => Directory.CreateDirectory(File(parts)).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test removed it itself.
        }
    }
}

using System.Runtime.InteropServices;

namespace StashAI.Streams.Files;

/// <summary>Puts a finished file at a place where there is none: it appears whole, and of several processes at once one wins.</summary>
public static partial class NewFile
{
    /// <summary>Moves the draft there; false, and the draft is gone, when there is a file already.</summary>
    /// <exception cref="IOException">The file cannot be placed.</exception>
    public static bool TryPlace(string draft, string path)
    {
        // On Unix, File.Move looks whether there is a file and then replaces it: between the two, another process may have placed its own.
        var isPlaced = !OperatingSystem.IsWindows() && Link(draft, path) == 0;
        if (!isPlaced && !File.Exists(path))
        {
            try
            {
                // Windows, and file systems without hard links.
                File.Move(draft, path, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process was first.
            }
        }

        File.Delete(draft);
        return isPlaced;
    }

    /// <summary>Fails when there is a file already, and on file systems without hard links.</summary>
    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);
}

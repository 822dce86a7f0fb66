namespace StashAI.Streams.Files;

/// <summary>How folders that a person names are searched.</summary>
public static class FolderWalk
{
    /// <summary>
    /// Leaves out links, which may lead out of the folder or in a circle, hidden files, and what this process may not read.
    /// </summary>
    public static EnumerationOptions Options(bool isRecursive) => new()
    {
        RecurseSubdirectories = isRecursive,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };
}

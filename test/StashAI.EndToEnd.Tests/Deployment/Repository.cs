namespace StashAI.EndToEnd.Tests.Deployment;

/// <summary>The checked-out sources that this test was built from.</summary>
internal static class Repository
{
    public static string Folder { get; } = Find();

    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StashAI.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

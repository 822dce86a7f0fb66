using System.Runtime.CompilerServices;

namespace StashAI.Testing.Files;

/// <summary>The sources that this test was built from.</summary>
public static class SourceTree
{
    public static string Folder { get; } = Root();

    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file)).ReplaceLineEndings("\n");

    /// <summary>The rows of a page's tables, each as its cells; heads and rules are left out.</summary>
    public static IEnumerable<string[]> Rows(string text) =>
        from line in text.Split('\n')
        where line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| |", StringComparison.Ordinal)
        select line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray();

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}

using System.Text.RegularExpressions;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Docs;

/// <summary>A Markdown file of the repository, and what it refers to.</summary>
internal sealed partial class MarkdownPage(string path)
{
    /// <summary>Folders that hold what was built, fetched or stored, and no sources.</summary>
    private static readonly string[] Foreign = ["bin", "obj", "node_modules", "artifacts", "data", "out", "TestResults", ".git"];

    /// <summary>All files of the repository, by their paths in it.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. List(SourceTree.Folder).Select(file => Path.GetRelativePath(SourceTree.Folder, file).Replace('\\', '/'))];

    public static IEnumerable<MarkdownPage> All { get; } =
        [.. Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Select(file => new MarkdownPage(file))];

    public string Name { get; } = path;

    private string Text { get; } = SourceTree.Read(path);

    private string Folder => Path.GetDirectoryName(Name) ?? "";

    /// <summary>Links to files of the repository or to headings, such as `../SECURITY.md#going-out`.</summary>
    public IEnumerable<string> Links =>
        from match in Link().Matches(Prose)
        let target = match.Groups[1].Value
        where !target.Contains(':', StringComparison.Ordinal)
        select target;

    /// <summary>Files that are named in code marks: sources, and paths that begin with a folder or a project of the repository.</summary>
    public IEnumerable<string> NamedFiles => from match in Code().Matches(Prose)
                                             let name = match.Groups[1].Value
                                             where Source().IsMatch(name) || InRepository().IsMatch(name)
                                             select name.TrimEnd('/');

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    private HashSet<string> Anchors =>
    [
        .. Prose.Split('\n').Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    /// <summary>The page without its blocks of code.</summary>
    private string Prose => Block().Replace(Text, "");

    /// <summary>True when the link leads to a file or folder, and its anchor to a heading.</summary>
    public bool Leads(string link)
    {
        var (file, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, "");
        var target = file.Length == 0
            ? Name
            : Path.GetRelativePath(SourceTree.Folder, Path.GetFullPath(file, Path.Combine(SourceTree.Folder, Folder))).Replace('\\', '/');
        return IsThere(target) && (anchor.Length == 0 || new MarkdownPage(target).Anchors.Contains(anchor));
    }

    /// <summary>True when a file or folder has this path, or a path that ends with it; an asterisk stands for any part of a name.</summary>
    public static bool IsNamed(string name)
    {
        var form = new Regex($"(^|[/.]){Regex.Escape(name).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}(/|$)");
        return Files.Any(file => form.IsMatch(file));
    }

    private static bool IsThere(string path) =>
        Files.Any(file => file == path || file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static IEnumerable<string> List(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder).Where(one => !Foreign.Contains(Path.GetFileName(one))).SelectMany(List));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[\w*./-]+\.(cs|sql|csproj|svg)$")]
    private static partial Regex Source();

    [GeneratedRegex(@"^(docs|src|test|bench|samples|services|\.ci|Sdk|Queue|Storage|Adapters|Visage|Hosting|Gateway|Server)/[\w*./-]*$")]
    private static partial Regex InRepository();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}

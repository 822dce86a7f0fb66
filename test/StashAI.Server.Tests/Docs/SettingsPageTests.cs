using System.Text.RegularExpressions;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Docs;

/// <summary>docs/configuration.md has every variable that the program reads, and no others.</summary>
public sealed partial class SettingsPageTests
{
    /// <summary>
    /// Names in the code that are not settings of ours: the framework's, which are not read, another server's, the desktop's, and examples.
    /// </summary>
    private static readonly string[] Others =
    [
        "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_URLS", "DOTNET_URLS", "STASH_API_KEY", "STASH_URL", "DOTNET_RUNNING_IN_CONTAINER",
        "WAYLAND_DISPLAY", "DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH", "TRANSLATE_API_KEY", "TRANSLATION_API_KEY",
    ];

    [Fact]
    public void Every_variable_of_the_code_is_on_the_page()
    {
        var page = SourceTree.Read("docs/configuration.md");

        Assert.Equal([], Read().Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_variable_of_the_page_is_read()
    {
        var code = string.Concat(Sources().Select(SourceTree.Read));
        var listed = SourceTree.Rows(SourceTree.Read("docs/configuration.md"))
            .SelectMany(cells => Quoted().Matches(cells[0]).Select(match => match.Groups[1].Value)).ToList();

        Assert.Equal([], listed.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.Equal([], listed.Where(name => !code.Contains($"\"{name}\"", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Read() =>
        Sources().SelectMany(file => Variable().Matches(SourceTree.Read(file))).Select(match => match.Groups[1].Value)
            .Distinct().Except(Others).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Sources() =>
        MarkdownPage.Files.Where(
            file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>A name of several words in capitals; shorter ones are words of HTTP or SQL.</summary>
    [GeneratedRegex("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"")]
    private static partial Regex Variable();

    [GeneratedRegex("`([A-Z][A-Z0-9_]+)`")]
    private static partial Regex Quoted();
}

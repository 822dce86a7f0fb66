using System.Xml.Linq;

namespace StashAI.Server.Tests.Architecture;

/// <summary>
/// Pins who may know whom: Server -> Gateway -> Storage -> Queue -> Sdk &lt;- Adapters; Visage knows Hosting, and nothing of the rest.
/// Adapters, Storage and Hosting know Streams; Storage and Visage know SqliteFiles. The Client knows nothing but the public API.
/// </summary>
public sealed class ProjectReferencesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["StashAI.Sdk"] = [],
        ["StashAI.Queue"] = ["StashAI.Sdk"],
        ["StashAI.Storage"] = ["StashAI.Queue", "StashAI.SqliteFiles", "StashAI.Streams"],
        ["StashAI.Adapters"] = ["StashAI.Sdk", "StashAI.Streams"],
        ["StashAI.Streams"] = [],
        ["StashAI.SqliteFiles"] = [],
        ["StashAI.Hosting"] = ["StashAI.Streams"],
        ["StashAI.Visage"] = ["StashAI.Hosting", "StashAI.SqliteFiles"],
        ["StashAI.Gateway"] = ["StashAI.Adapters", "StashAI.Hosting", "StashAI.Storage"],
        ["StashAI.Client"] = [],
        ["StashAI.Server"] = ["StashAI.Client", "StashAI.Gateway", "StashAI.Visage"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void Every_project_of_the_product_is_pinned()
    {
        var projects = Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(Allowed.Keys.Order(), projects.Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_exactly_the_projects_that_it_may(string project)
    {
        var references = Items(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(Allowed[project], references.Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_no_built_assembly(string project) => Assert.Empty(Items(project, "Reference"));

    [Theory]
    [InlineData("StashAI.Sdk")]
    [InlineData("StashAI.Client")]
    public void An_adapters_author_and_a_user_of_the_client_need_the_base_class_library_only(string project)
    {
        Assert.Empty(Items(project, "FrameworkReference"));
        Assert.Equal(["Microsoft.CodeAnalysis.PublicApiAnalyzers"], Items(project, "PackageReference")); // used by the build only
    }

    /// <summary>The engine and the stores work without HTTP.</summary>
    [Theory]
    [InlineData("StashAI.Queue")]
    [InlineData("StashAI.Storage")]
    public void The_engine_and_the_stores_know_no_web_framework(string project)
    {
        Assert.Empty(Items(project, "FrameworkReference"));
        Assert.DoesNotContain(
            Items(project, "PackageReference"), package => package.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    /// <summary>Its decoders are large, and photos come from anywhere: no other process has them (ADR 0023).</summary>
    [Fact]
    public void Only_the_face_service_knows_ImageMagick() =>
        Assert.Equal(
            ["StashAI.Visage"],
            Allowed.Keys.Where(project => Items(project, "PackageReference").Any(
                package => package.StartsWith("Magick.NET", StringComparison.Ordinal))));

    [Fact]
    public void All_projects_get_analyzers_and_no_other_package()
    {
        var shared = XDocument.Load(Path.Combine(Root(), "Directory.Build.props")).Descendants("ItemGroup")
            .Where(group => group.Attribute("Condition") is null)
            .SelectMany(group => group.Elements("PackageReference"));

        Assert.All(shared, package => Assert.Equal("all", (string?)package.Attribute("PrivateAssets")));
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(Root(), "src", project, project + ".csproj"))
            .Descendants(kind)
            .Select(item => ((string?)item.Attribute("Include") ?? "").Replace('\\', '/'));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StashAI.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("These tests run inside the source tree.");
    }
}

using System.Collections.Frozen;
using System.Text;

namespace StashAI.Gateway.Pages.Dashboard;

/// <summary>The dashboard as the build embedded it: a page, and files with hashes in their names.</summary>
/// <param name="Page">The page, in which <c>{base}</c> stands for the path of this server; null if the build had no npm.</param>
/// <param name="Assets">The files by name.</param>
internal sealed record DashboardFiles(string? Page, FrozenDictionary<string, DashboardAsset> Assets)
{
    private const string Prefix = "dashboard/assets/";

    public static DashboardFiles Read()
    {
        var assembly = typeof(DashboardFiles).Assembly;
        var assets = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => new DashboardAsset(name[Prefix.Length..], ReadResource(name)!));
        return new DashboardFiles(ReadText("dashboard/index.html"), assets);
    }

    /// <summary>The page of a server without a dashboard.</summary>
    public static string ReadMissingPage() => ReadText("dashboard/missing.html")!;

    private static string? ReadText(string name) => ReadResource(name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static byte[]? ReadResource(string name)
    {
        using var stream = typeof(DashboardFiles).Assembly.GetManifestResourceStream(name);
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

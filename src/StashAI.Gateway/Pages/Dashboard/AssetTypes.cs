namespace StashAI.Gateway.Pages.Dashboard;

/// <summary>The content types of the files of pages.</summary>
internal static class AssetTypes
{
    /// <param name="name">A file's name.</param>
    public static string Of(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var extension => throw new InvalidOperationException($"No page has a file of the kind {extension}."),
    };
}

using StashAI.Hosting.Settings;

namespace StashAI.Server.Options;

/// <summary>Where the setting of the face service puts the gallery.</summary>
/// <param name="Server">The database server; null for a file, even if the queue is on a database server.</param>
internal sealed record GalleryServer(DatabaseServer? Server)
{
    private const string None = "none";

    /// <summary>The form of the setting: a URL, or <c>none</c>.</summary>
    public static SettingForm<GalleryServer?> Form { get; } = new(
        "URL or `none`", "the URL of a PostgreSQL database, or none", (text, out value) =>
        {
            value = new GalleryServer(text.Equals(None, StringComparison.OrdinalIgnoreCase) ? null : new DatabaseServer(text));
            return true;
        });

    /// <summary>The value of the setting for a server's URL, or for none.</summary>
    public static string TextOf(DatabaseServer? server) => server?.Url ?? None;
}

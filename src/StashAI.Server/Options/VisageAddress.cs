using StashAI.Hosting.Settings;

namespace StashAI.Server.Options;

/// <summary>A Visage service that is run separately.</summary>
/// <param name="Url">The address; null for no face service.</param>
internal sealed record VisageAddress(Uri? Url)
{
    private const string None = "none";

    /// <summary>The form of the setting: an address, or <c>none</c>.</summary>
    public static SettingForm<VisageAddress?> Form { get; } = new(
        "URL or `none`", "the http:// or https:// address of a service, without user, query or fragment, or none", (text, out value) =>
        {
            value = null;
            if (text.Equals(None, StringComparison.OrdinalIgnoreCase)) value = new VisageAddress((Uri?)null);
            else if (SettingForms.Address("").Parse(text, out var url)) value = new VisageAddress(url);
            return value is not null;
        });
}

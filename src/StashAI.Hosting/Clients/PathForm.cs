using StashAI.Hosting.Settings;

namespace StashAI.Hosting.Clients;

/// <summary>The form of a setting that names the path below which a proxy publishes a program.</summary>
public static class PathForm
{
    public static SettingForm<BasePath?> Base { get; } = new("path", BasePath.Form, (text, out value) =>
    {
        value = BasePath.Parse(text);
        return value is not null;
    });
}

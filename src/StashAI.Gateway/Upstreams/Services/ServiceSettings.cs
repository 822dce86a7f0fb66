using StashAI.Gateway.Settings;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>The folders of services.</summary>
/// <param name="Declarations">Folders of <c>*.yaml</c>; of two services with the same name, the first wins.</param>
/// <param name="Plugins">Folders of plug-ins.</param>
internal sealed record ServiceSettings(IReadOnlyList<string> Declarations, IReadOnlyList<string> Plugins)
{
    public static string DeclarationsSetting => GatewaySettings.ServicesDirectory.Name;

    /// <summary>The folders of the settings, or the default ones in the data folder and next to the program.</summary>
    public static ServiceSettings Read(SettingsReader reader, string dataDirectory) => new(
        Folders(reader.Read(GatewaySettings.ServicesDirectory), "services", dataDirectory),
        Folders(reader.Read(GatewaySettings.AdaptersDirectory), "adapters", dataDirectory));

    public static IReadOnlyList<string> Folders(string? setting, string name, string dataDirectory)
    {
        if (!string.IsNullOrWhiteSpace(setting)) return [Path.GetFullPath(setting)];
        return [Path.GetFullPath(Path.Combine(dataDirectory, name)), Path.Combine(AppContext.BaseDirectory, name)];
    }
}

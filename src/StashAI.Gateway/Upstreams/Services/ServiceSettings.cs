using StashAI.Gateway.Settings;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>Where services are found.</summary>
/// <param name="Declarations">Folders of `*.yaml`; of two services with one name the first wins.</param>
/// <param name="Plugins">Folders of plug-ins.</param>
internal sealed record ServiceSettings(IReadOnlyList<string> Declarations, IReadOnlyList<string> Plugins)
{
    public static string DeclarationsSetting => GatewaySettings.ServicesDirectory.Name;

    /// <summary>The folders of the settings, or those in the data folder and beside the program.</summary>
    public static ServiceSettings Read(SettingsReader reader, string dataDirectory) => new(
        Folders(reader.Read(GatewaySettings.ServicesDirectory), "services", dataDirectory),
        Folders(reader.Read(GatewaySettings.AdaptersDirectory), "adapters", dataDirectory));

    public static IReadOnlyList<string> Folders(string? setting, string name, string dataDirectory)
    {
        if (!string.IsNullOrWhiteSpace(setting)) return [Path.GetFullPath(setting)];
        return [Path.GetFullPath(Path.Combine(dataDirectory, name)), Path.Combine(AppContext.BaseDirectory, name)];
    }
}

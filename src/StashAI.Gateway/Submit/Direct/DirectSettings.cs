using Microsoft.Extensions.Options;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>The settings of direct mode, in which submits are answered with their results (C-17).</summary>
internal sealed record DirectSettings
{
    public static string QueueEnabledSetting => GatewaySettings.QueueEnabled.Name;

    public static string DirectModeSetting => GatewaySettings.DirectMode.Name;

    public static string MaxItemsSetting => GatewaySettings.DirectMaxItems.Name;

    /// <summary>True for direct mode. Either variable turns it on.</summary>
    public bool IsOn { get; init; }

    /// <summary>The most items of a submit in direct mode, and of a job that runs without the database.</summary>
    public int MaxItems { get; init; } = GatewaySettings.DirectMaxItems.Default;

    /// <summary><c>mode</c> on the wire.</summary>
    public string Mode => IsOn ? "direct" : "queue";

    /// <summary>Reads the settings of direct mode.</summary>
    public static DirectSettings Read(SettingsReader reader) => new()
    {
        IsOn = !reader.Read(GatewaySettings.QueueEnabled) | reader.Read(GatewaySettings.DirectMode),
        MaxItems = reader.Read(GatewaySettings.DirectMaxItems),
    };

    /// <inheritdoc cref="Read"/>
    /// <exception cref="OptionsValidationException">Settings are not valid; there is one sentence for each.</exception>
    public static DirectSettings From(IConfiguration configuration) => SettingsReader.Bind(configuration, Read);
}

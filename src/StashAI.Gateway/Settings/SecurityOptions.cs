using Microsoft.Extensions.Options;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Settings;

/// <summary>The security settings, each under the flat name it has in the environment. Read once at start.</summary>
internal sealed record SecurityOptions
{
    public const string AllowedHostsSetting = "ALLOWED_HOSTS";
    public const string CorsOriginsSetting = "CORS_ORIGINS";
    public const string AllowAnonymousSetting = "ALLOW_ANONYMOUS";
    public const string AllowedUpstreamsSetting = "ALLOWED_UPSTREAMS";
    public const string AllowedFetchHostsSetting = "ALLOWED_FETCH_HOSTS";
    public const string StrictUpstreamsSetting = "STRICT_UPSTREAMS";
    public const string TrustLanSetting = "TRUST_LAN";

    /// <summary>Names this server answers to beside addresses and localhost: <c>nas.local</c>, <c>*.example.org</c>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins of pages that may call this server from a browser: <c>https://stash.example.org</c>.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    public AnonymousAccess AllowAnonymous { get; init; }

    /// <summary>Proxies whose word about their clients counts.</summary>
    public TrustedProxies TrustedProxies { get; init; } = TrustedProxies.None;

    /// <summary>Keys of the environment, in addition to those of the database.</summary>
    public ConfiguredKeys ApiKeys { get; init; } = ConfiguredKeys.None;

    /// <summary>Hosts and networks that may always be called.</summary>
    public IReadOnlyList<UpstreamRule> AllowedUpstreams { get; init; } = [];

    /// <summary>Hosts and networks from which items may be fetched though they are private; null when nothing was set: then those that may be called.</summary>
    public IReadOnlyList<UpstreamRule>? AllowedFetchHosts { get; init; }

    /// <summary>Public addresses may not be called unless they are listed.</summary>
    public bool StrictUpstreams { get; init; }

    /// <summary>Private and loopback addresses may be called.</summary>
    public bool TrustLan { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    public static SecurityOptions Read(SettingsReader reader) => new()
    {
        AllowedHosts = reader.Read(GatewaySettings.AllowedHosts) ?? [],
        CorsOrigins = reader.Read(GatewaySettings.CorsOrigins) ?? [],
        AllowAnonymous = reader.Read(GatewaySettings.AllowAnonymous),
        TrustedProxies = reader.Read(GatewaySettings.TrustedProxies) ?? TrustedProxies.None,
        ApiKeys = ConfiguredKeys.Read(reader),
        AllowedUpstreams = reader.Read(GatewaySettings.AllowedUpstreams) ?? [],
        AllowedFetchHosts = reader.Read(GatewaySettings.AllowedFetchHosts),
        StrictUpstreams = reader.Read(GatewaySettings.StrictUpstreams),
        TrustLan = reader.Read(GatewaySettings.TrustLan),
    };

    /// <inheritdoc cref="Read"/>
    /// <exception cref="OptionsValidationException">Settings are not valid; there is one sentence for each.</exception>
    public static SecurityOptions From(IConfiguration configuration) => SettingsReader.Bind(configuration, Read);
}

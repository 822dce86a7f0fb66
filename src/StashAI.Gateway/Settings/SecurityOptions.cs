using Microsoft.Extensions.Options;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Origins;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Settings;

/// <summary>The security settings, read once at the start.</summary>
internal sealed record SecurityOptions
{
    public const string AllowedHostsSetting = "ALLOWED_HOSTS";
    public const string CorsOriginsSetting = "CORS_ORIGINS";
    public const string AllowAnonymousSetting = "ALLOW_ANONYMOUS";
    public const string AllowedUpstreamsSetting = "ALLOWED_UPSTREAMS";
    public const string AllowedFetchHostsSetting = "ALLOWED_FETCH_HOSTS";
    public const string StrictUpstreamsSetting = "STRICT_UPSTREAMS";
    public const string TrustLanSetting = "TRUST_LAN";

    /// <summary>The host names that this server answers to, and the web pages that may use it.</summary>
    public HostOriginRules HostOrigins { get; init; } = Rules([], []);

    public AnonymousAccess AllowAnonymous { get; init; }

    /// <summary>Proxies that are trusted to name their clients.</summary>
    public TrustedProxies TrustedProxies { get; init; } = TrustedProxies.None;

    /// <summary>Keys from the environment, in addition to the database's.</summary>
    public ConfiguredKeys ApiKeys { get; init; } = ConfiguredKeys.None;

    /// <summary>Hosts and networks that may always be called.</summary>
    public IReadOnlyList<UpstreamRule> AllowedUpstreams { get; init; } = [];

    /// <summary>
    /// Private hosts and networks from which items may be fetched; null when not set, and then the ones that may be called.
    /// </summary>
    public IReadOnlyList<UpstreamRule>? AllowedFetchHosts { get; init; }

    /// <summary>True when public addresses may only be called if they are listed.</summary>
    public bool StrictUpstreams { get; init; }

    /// <summary>True when private and loopback addresses may be called.</summary>
    public bool TrustLan { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    public static SecurityOptions Read(SettingsReader reader) => new()
    {
        HostOrigins = ReadHostOrigins(reader),
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

    /// <summary>Reads the host names that the server answers to, and the web pages that may use it.</summary>
    public static HostOriginRules ReadHostOrigins(SettingsReader reader) =>
        Rules(reader.Read(GatewaySettings.AllowedHosts) ?? [], reader.Read(GatewaySettings.CorsOrigins) ?? []);

    private static HostOriginRules Rules(IReadOnlyList<string> hosts, IReadOnlyList<OriginPattern> origins) => new()
    {
        AllowedHosts = hosts,
        AllowedOrigins = origins,
        HostsSetting = AllowedHostsSetting,
        OriginsSetting = CorsOriginsSetting,
        PathsWithoutHost = ["/health", "/health/live", "/health/ready"],
    };
}

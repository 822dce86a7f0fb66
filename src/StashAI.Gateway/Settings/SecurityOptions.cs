using Microsoft.Extensions.Options;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Origins;
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

    /// <summary>The names this server answers to, and the web pages that may use it.</summary>
    public HostOriginRules HostOrigins { get; init; } = Rules([], []);

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

    /// <summary>Reads under which names the server answers, and which web pages may use it.</summary>
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

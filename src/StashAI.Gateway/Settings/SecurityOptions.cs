using StashAI.Hosting.Clients;
using StashAI.Hosting.Origins;
using StashAI.Queue.Model.Access;

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

    /// <summary>Keys of the environment, beside those of the database.</summary>
    public IReadOnlyList<ApiKey> ApiKeys { get; init; } = [];

    /// <summary>Hosts and networks that may always be called.</summary>
    public IReadOnlyList<UpstreamRule> AllowedUpstreams { get; init; } = [];

    /// <summary>Hosts and networks from which items may be fetched though they are private; null when nothing was set: then those that may be called.</summary>
    public IReadOnlyList<UpstreamRule>? AllowedFetchHosts { get; init; }

    /// <summary>Public addresses may not be called unless they are listed.</summary>
    public bool StrictUpstreams { get; init; }

    /// <summary>Private and loopback addresses may be called.</summary>
    public bool TrustLan { get; init; }

    /// <summary>Reads and checks the settings. Lists are separated by commas.</summary>
    /// <exception cref="InvalidOperationException">A setting is not usable; the message names it and the form it takes.</exception>
    public static SecurityOptions From(IConfiguration configuration) => new()
    {
        HostOrigins = Rules(
            Read(configuration, AllowedHostsSetting, HostNames.ParseList), Read(configuration, CorsOriginsSetting, OriginPattern.ParseList)),
        AllowAnonymous = Anonymous(configuration[AllowAnonymousSetting]),
        TrustedProxies = Read(configuration, TrustedProxies.Setting, TrustedProxies.Parse),
        ApiKeys = ConfiguredKeys.From(configuration),
        AllowedUpstreams = [.. List(configuration, AllowedUpstreamsSetting).Select(Upstream)],
        AllowedFetchHosts = FetchHosts(configuration),
        StrictUpstreams = Flag(configuration, StrictUpstreamsSetting),
        TrustLan = Flag(configuration, TrustLanSetting),
    };

    private static string[] List(IConfiguration configuration, string setting) =>
        (configuration[setting] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static HostOriginRules Rules(IReadOnlyList<string> hosts, IReadOnlyList<OriginPattern> origins) => new()
    {
        AllowedHosts = hosts,
        AllowedOrigins = origins,
        HostsSetting = AllowedHostsSetting,
        OriginsSetting = CorsOriginsSetting,
        PathsWithoutHost = ["/health", "/health/live", "/health/ready"],
    };

    private static IReadOnlyList<UpstreamRule>? FetchHosts(IConfiguration configuration)
    {
        var entries = List(configuration, AllowedFetchHostsSetting);
        if (entries.Length == 0) return null;
        return entries is [var only] && only.Equals("none", StringComparison.OrdinalIgnoreCase) ? [] : [.. entries.Select(text => Rule(AllowedFetchHostsSetting, text))];
    }

    private static UpstreamRule Upstream(string text) => Rule(AllowedUpstreamsSetting, text);

    private static UpstreamRule Rule(string setting, string text) =>
        UpstreamRule.Parse(text)
        ?? throw Unusable(setting, text, "a host, host:port or network such as ai.example.org:8443 or 192.168.1.0/24");

    private static AnonymousAccess Anonymous(string? text) => text?.Trim().ToUpperInvariant() switch
    {
        null or "" => AnonymousAccess.Loopback,
        "LAN" => AnonymousAccess.Lan,
        _ => throw Unusable(AllowAnonymousSetting, text, "empty or lan"),
    };

    private static T Read<T>(IConfiguration configuration, string setting, Func<string?, string, T> parse)
    {
        try
        {
            return parse(configuration[setting], setting);
        }
        catch (FormatException error)
        {
            throw new InvalidOperationException(error.Message);
        }
    }

    private static bool Flag(IConfiguration configuration, string setting) => configuration[setting]?.Trim().ToUpperInvariant() switch
    {
        null or "" or "FALSE" or "0" => false,
        "TRUE" or "1" => true,
        _ => throw Unusable(setting, configuration[setting], "true or false"),
    };

    private static InvalidOperationException Unusable(string setting, string? text, string form) =>
        new($"{setting} cannot be '{text}': it takes {form}.");
}

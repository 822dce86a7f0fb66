using StashAI.Hosting.Addresses;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Origins;
using StashAI.Hosting.Settings;
using StashAI.Queue.Model.Access;
using StashAI.Streams.Texts;

namespace StashAI.Gateway.Settings;

/// <summary>The declarations of the gateway's settings. Some also apply to workers, because they call services.</summary>
internal static class GatewaySettings
{
    private const string Networks = "hosts, `host:port`, networks";
    private const string NetworksEntry = "a host, host:port or network such as ai.example.org:8443 or 192.168.1.0/24";

    private static readonly string[] Serve = ["serve"];
    private static readonly string[] Calls = ["serve", "worker"];

    public static Setting<int> MaxItems { get; } = new(SettingForms.WholeNumber(1, 1 << 24, "items"))
    {
        Variables = [IntakeLimits.MaxItemsSetting],
        Default = new IntakeLimits().MaxItems,
        DefaultText = "100000",
        Commands = Serve,
        Meaning = "the most items of one request",
    };

    public static Setting<long> MaxItemBytes { get; } = new(SettingForms.Bytes(1, long.MaxValue))
    {
        Variables = [IntakeLimits.MaxItemBytesSetting],
        Default = new IntakeLimits().MaxItemBytes,
        DefaultText = "268435456 (256 MiB)",
        Commands = Serve,
        Meaning = "the largest item, after base64 is decoded",
    };

    public static Setting<long> MaxBodyBytes { get; } = new(SettingForms.Bytes(1, long.MaxValue))
    {
        Variables = [IntakeLimits.MaxBodyBytesSetting],
        Default = new IntakeLimits().MaxBodyBytes,
        DefaultText = "4294967296 (4 GiB)",
        Commands = Serve,
        Meaning = "the largest request body",
    };

    public static Setting<int> MaxUploads { get; } = new(SettingForms.WholeNumber(1, 10_000, "uploads"))
    {
        Variables = [IntakeLimits.MaxUploadsSetting],
        Default = new IntakeLimits().MaxUploads,
        DefaultText = "16",
        Commands = Serve,
        Meaning = "the most open uploads (`/api/uploads`) of one caller",
    };

    public static Setting<long> MaxUploadBytes { get; } = new(SettingForms.Bytes(1, long.MaxValue))
    {
        Variables = [IntakeLimits.MaxUploadBytesSetting],
        Default = new IntakeLimits().MaxUploadBytes,
        DefaultText = "17179869184 (16 GiB)",
        Commands = Serve,
        Meaning = "the most bytes of all open uploads of one caller",
    };

    public static Setting<int> MaxFiles { get; } = new(SettingForms.WholeNumber(1, 1_000_000, "files"))
    {
        Variables = [IntakeLimits.MaxFilesSetting],
        Default = new IntakeLimits().MaxFiles,
        DefaultText = "10000",
        Commands = Serve,
        Meaning = "the most files (`/v1/files`) that one caller keeps",
    };

    public static Setting<long> MaxFileBytes { get; } = new(SettingForms.Bytes(1, long.MaxValue))
    {
        Variables = [IntakeLimits.MaxFileBytesSetting],
        Default = new IntakeLimits().MaxFileBytes,
        DefaultText = "68719476736 (64 GiB)",
        Commands = Serve,
        Meaning = "the most bytes of all files of one caller",
    };

    public static Setting<int> MaxEnvelopeBytes { get; } = new(SettingForms.WholeNumber(1, 1 << 30, "bytes"))
    {
        Variables = [IntakeLimits.MaxEnvelopeBytesSetting],
        Default = new IntakeLimits().MaxEnvelopeBytes,
        DefaultText = "16777216 (16 MiB)",
        Commands = Serve,
        Meaning = "the largest JSON document of a request without its photos and items",
    };

    public static Setting<bool> QueueEnabled { get; } = new(SettingForms.Flag)
    {
        Variables = ["QUEUE_ENABLED"],
        Default = true,
        DefaultText = "`true`",
        Commands = Serve,
        Meaning = "`false` is direct mode, for development: a submit is answered with its results",
    };

    public static Setting<bool> DirectMode { get; } = new(SettingForms.Flag)
    {
        Variables = ["DIRECT_MODE"],
        Default = false,
        DefaultText = "`false`",
        Commands = Serve,
        Meaning = "`true` is direct mode too",
    };

    // The results of this many items fit on one page of an answer.
    public static Setting<int> DirectMaxItems { get; } = new(SettingForms.WholeNumber(1, 1000, "items"))
    {
        Variables = ["DIRECT_MAX_ITEMS"],
        Default = 64,
        DefaultText = "64",
        Commands = Serve,
        Meaning = "the most items of a submit in direct mode, and of a job that runs while the database is unavailable",
    };

    public static Setting<Uri?> PublicUrl { get; } = new(
        SettingForms.Address("the address of this server as browsers see it, such as https://ai.example.org"))
    {
        Variables = ["PUBLIC_URL"],
        Default = null,
        DefaultText = "the address of the request, as trusted proxies name it",
        Commands = Serve,
        Meaning = "the address of this server as browsers see it, such as `https://ai.example.org`; used for links in results",
    };

    public static Setting<BasePath?> BasePath { get; } = new(PathForm.Base)
    {
        Variables = [Hosting.Clients.BasePath.Setting],
        Default = null,
        DefaultText = "none",
        Commands = Serve,
        Meaning = "the path below which a proxy publishes this server, such as `/stashai`, "
            + "if the proxy sends no `X-Forwarded-Prefix` ([proxies.md](proxies.md))",
    };

    public static Setting<bool?> InDocker { get; } = new(SettingForms.AutoFlag)
    {
        Variables = ["IN_DOCKER"],
        Default = null,
        DefaultText = "`auto`",
        Commands = Serve,
        Meaning = "whether `localhost` in a job's address means the machine around the container (`host.docker.internal`), "
            + "where it selects no configured service. `auto` does so inside a container if that name exists. "
            + "The address must still be allowed",
    };

    public static Setting<IReadOnlyList<string>?> AllowedFolders { get; } = new(
        SettingForms.List("folders", "a folder", SettingForms.PathOf))
    {
        Variables = ["ALLOWED_FOLDERS"],
        Default = null,
        DefaultText = "none",
        Commands = Serve,
        Meaning = "folders whose files a request may name by their path",
    };

    public static Setting<string?> ServicesDirectory { get; } = new(SettingForms.Folder)
    {
        Variables = ["SERVICES_DIR"],
        Default = null,
        DefaultText = "`services` in the data folder, then beside the program",
        Commands = ["serve", "worker", "service", "backup"],
        Meaning = "declared services (`*.yaml`)",
    };

    public static Setting<string?> AdaptersDirectory { get; } = new(SettingForms.Folder)
    {
        Variables = ["ADAPTERS_DIR"],
        Default = null,
        DefaultText = "`adapters` in the data folder, then beside the program",
        Commands = ["serve", "worker", "backup"],
        Meaning = "plug-ins",
    };

    public static Setting<IReadOnlyList<ApiKey>?> ApiKeys { get; } = new(ConfiguredKeys.Form)
    {
        Variables = [ConfiguredKeys.KeysSetting],
        Default = null,
        DefaultText = "none",
        Commands = Serve,
        IsSecret = true,
        Meaning = "API keys in addition to those of `stashai keys`, such as `admin:KEY,read:KEY`; at least 20 characters each; "
            + "the scope is `submit` where none is given",
    };

    public static Setting<string?> ApiKeysFile { get; } = new(SettingForms.FilePath)
    {
        Variables = [ConfiguredKeys.FileSetting],
        Default = null,
        DefaultText = "none",
        Commands = Serve,
        Meaning = "a file with such keys, one a line; `#` begins a comment. "
            + "It is read again every two seconds, also where it is a link to a mounted secret",
    };

    public static Setting<AnonymousAccess> AllowAnonymous { get; } = new(SettingForms.Word(("lan", AnonymousAccess.Lan)))
    {
        Variables = [SecurityOptions.AllowAnonymousSetting],
        Default = AnonymousAccess.Loopback,
        DefaultText = "none",
        Commands = Serve,
        Meaning = "`lan` lets everybody read and submit without a key, and allows the server to listen beyond loopback without keys",
    };

    public static Setting<IReadOnlyList<string>?> AllowedHosts { get; } = new(SettingForms.List(
        "names, such as `nas.local` or `*.example.org`",
        "a host name without a port, such as nas.local or *.example.org",
        HostNames.ParsePattern))
    {
        Variables = [SecurityOptions.AllowedHostsSetting],
        Default = null,
        DefaultText = "none",
        Commands = Serve,
        Meaning = "host names that the server answers to, in addition to IP addresses and `localhost`",
    };

    public static Setting<IReadOnlyList<OriginPattern>?> CorsOrigins { get; } = new(SettingForms.List(
        "origins, such as `https://stash.example.org`, `https://*.example.org` or `http://stash.lan:*`",
        OriginPattern.Form,
        OriginPattern.Parse))
    {
        Variables = [SecurityOptions.CorsOriginsSetting],
        Default = null,
        DefaultText = "none",
        Commands = Serve,
        Meaning = "web pages outside the local network that may call the server",
    };

    public static Setting<TrustedProxies?> TrustedProxies { get; } = new(ProxyForm.Proxies)
    {
        Variables = [Hosting.Clients.TrustedProxies.Setting],
        Default = null,
        DefaultText = "none",
        Commands = Serve,
        Meaning = "proxies whose `X-Forwarded-For` or `Forwarded` names the real client; `unix` trusts a Unix socket",
    };

    public static Setting<IReadOnlyList<UpstreamRule>?> AllowedUpstreams { get; } = new(
        SettingForms.List(Networks, NetworksEntry, UpstreamRule.Parse))
    {
        Variables = [SecurityOptions.AllowedUpstreamsSetting],
        Default = null,
        DefaultText = "none",
        Commands = Calls,
        Meaning = "private addresses that a job may name in `visage_api_url` or `api_url` ([Going out](../SECURITY.md#going-out))",
    };

    public static Setting<IReadOnlyList<UpstreamRule>?> AllowedFetchHosts { get; } = new(OrNone(AllowedUpstreams.Form))
    {
        Variables = [SecurityOptions.AllowedFetchHostsSetting],
        Default = null,
        DefaultText = "those of `ALLOWED_UPSTREAMS`",
        Commands = Calls,
        Meaning = "private addresses from which the server may fetch the URL of an item; `none` allows none",
    };

    public static Setting<bool> TrustLan { get; } = new(SettingForms.Flag)
    {
        Variables = [SecurityOptions.TrustLanSetting],
        Default = false,
        DefaultText = "`false`",
        Commands = Calls,
        Meaning = "allows private addresses for both, and loopback for `api_url`",
    };

    public static Setting<bool> StrictUpstreams { get; } = new(SettingForms.Flag)
    {
        Variables = [SecurityOptions.StrictUpstreamsSetting],
        Default = false,
        DefaultText = "`false`",
        Commands = Calls,
        Meaning = "forbids public addresses that are not listed",
    };

    public static Setting<string?> SecretsKeyFile { get; } = new(SettingForms.FilePath)
    {
        Variables = ["SECRETS_KEY_FILE"],
        Default = null,
        DefaultText = "none",
        Commands = Calls,
        Meaning = "a file that holds this key; read once at the start, since jobs that wait need the key they came with",
    };

    public static Setting<string?> SecretsKey { get; } = new(new SettingForm<string?>(
        "at least 20 characters",
        "a text of at least 20 characters (openssl rand -base64 32 makes a good one)",
        (text, out value) => Characters.CountOf(value = text) >= 20))
    {
        Variables = ["SECRETS_KEY"],
        Default = null,
        DefaultText = "`secrets.key` in the data folder",
        Commands = Calls,
        IsSecret = true,
        FileSetting = SecretsKeyFile,
        Meaning = "the key that encrypts the secrets of jobs. PostgreSQL needs it or the next one",
    };

    /// <summary>The sections of the documentation.</summary>
    public static IReadOnlyList<SettingDefinition> Folders { get; } = [ServicesDirectory, AdaptersDirectory, AllowedFolders];

    public static IReadOnlyList<SettingDefinition> Requests { get; } =
        [PublicUrl, BasePath, MaxItems, MaxItemBytes, MaxBodyBytes, MaxEnvelopeBytes, MaxUploads, MaxUploadBytes, MaxFiles,
            MaxFileBytes];

    public static IReadOnlyList<SettingDefinition> Direct { get; } = [QueueEnabled, DirectMode, DirectMaxItems];

    public static IReadOnlyList<SettingDefinition> Callers { get; } =
        [ApiKeys, ApiKeysFile, AllowAnonymous, AllowedHosts, CorsOrigins, TrustedProxies];

    public static IReadOnlyList<SettingDefinition> Called { get; } =
        [AllowedUpstreams, AllowedFetchHosts, TrustLan, StrictUpstreams, InDocker, SecretsKey, SecretsKeyFile];

    private static SettingForm<IReadOnlyList<T>?> OrNone<T>(SettingForm<IReadOnlyList<T>?> form) => form with
    {
        Values = $"{form.Values}, or `none`",
        Parse = (text, out value) =>
        {
            value = [];
            return text.Equals("none", StringComparison.OrdinalIgnoreCase) || form.Parse(text, out value);
        },
    };
}

using StashAI.Hosting.Addresses;
using StashAI.Hosting.Bodies;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Origins;
using StashAI.Hosting.Settings;

namespace StashAI.Visage.Settings;

/// <summary>The settings of the face service, declared.</summary>
public static class VisageServiceSettings
{
    private static readonly VisageOptions Defaults = new();
    private static readonly string[] Visage = ["visage", "serve"];

    public static Setting<int> MaxConcurrency { get; } = new(SettingForms.WholeNumber(1, 1024, "photos"))
    {
        Variables = ["VISAGE_MAX_CONCURRENCY"],
        Default = Defaults.MaxConcurrency,
        DefaultText = "the number of cores",
        Commands = Visage,
        Meaning = "how many photos are processed at once, one thread each",
    };

    public static Setting<int> MaxQueued { get; } = new(SettingForms.WholeNumber(0, 100_000, "requests"))
    {
        Variables = ["VISAGE_MAX_QUEUED"],
        Default = Defaults.MaxQueued,
        DefaultText = "32",
        Commands = Visage,
        Meaning = "how many requests may wait; further ones get a 429",
    };

    public static Setting<long> MaxBodyBytes { get; } = new(SettingForms.Bytes(1024, int.MaxValue))
    {
        Variables = ["VISAGE_MAX_BODY_BYTES"],
        Default = Defaults.MaxBodyBytes,
        DefaultText = "100663296 (96 MiB)",
        Commands = Visage,
        Meaning = "the largest request body; base64 takes 4 bytes for 3",
    };

    public static Setting<long> MaxPixels { get; } = new(SettingForms.Bytes(1, 500_000_000, "pixels"))
    {
        Variables = ["VISAGE_MAX_PIXELS"],
        Default = Defaults.MaxPixels,
        DefaultText = "80000000",
        Commands = Visage,
        Meaning = "the largest photo; a pixel takes up to 10 bytes of memory while the photo is processed",
    };

    public static Setting<string> Provider { get; } = new(SettingForms.Word(("cpu", "cpu"), ("cuda", "cuda")))
    {
        Variables = ["VISAGE_PROVIDER"],
        Default = Defaults.Provider,
        DefaultText = "`cpu`",
        Commands = Visage,
        Meaning = "what runs the models; `cuda` needs the CUDA build of ONNX Runtime beside the program",
    };

    public static Setting<string?> SecretFile { get; } = new(SettingForms.FilePath)
    {
        Variables = ["VISAGE_SECRET_FILE"],
        Default = null,
        DefaultText = "`visage/visage.secret` in the data folder",
        Commands = Visage,
        Meaning = "a file with the secret that the gallery's routes need; the service and its gateway share it. The first that needs it "
            + "creates it",
    };

    public static Setting<bool> AllowLan { get; } = new(SettingForms.Flag)
    {
        Variables = ["VISAGE_ALLOW_LAN"],
        Default = false,
        DefaultText = "`false`",
        Commands = Visage,
        Meaning = "allows clients on other machines. The service has no keys: whoever reaches its port can identify faces",
    };

    public static Setting<IReadOnlyList<string>?> AllowedHosts { get; } = new(SettingForms.List(
        "names, separated by `;` or commas", "a host name without a port, such as nas.local or *.example.org", HostNames.ParsePattern, ';',
        ','))
    {
        Variables = ["VISAGE_ALLOWED_HOSTS"],
        Default = null,
        DefaultText = "those of `ALLOWED_HOSTS`",
        Commands = Visage,
        Meaning = "host names that the service answers to, in addition to IP addresses and `localhost`",
    };

    public static Setting<IReadOnlyList<OriginPattern>?> AllowedOrigins { get; } = new(SettingForms.List(
        "origins, as for `CORS_ORIGINS`", OriginPattern.Form, OriginPattern.Parse, ';', ','))
    {
        Variables = ["VISAGE_CORS_ORIGINS"],
        Default = null,
        DefaultText = "those of `CORS_ORIGINS`",
        Commands = Visage,
        Meaning = "web pages outside the local network that may call the service",
    };

    /// <summary>What the gateway on the same machine allows; it holds here too, unless the service has a setting of its own.</summary>
    private static Setting<IReadOnlyList<string>?> GatewaysHosts { get; } = Of(AllowedHosts, "ALLOWED_HOSTS");

    /// <inheritdoc cref="GatewaysHosts"/>
    private static Setting<IReadOnlyList<OriginPattern>?> GatewaysOrigins { get; } = Of(AllowedOrigins, "CORS_ORIGINS");

    public static Setting<TrustedProxies?> Proxies { get; } = new(ProxyForm.Proxies)
    {
        Variables = ["VISAGE_TRUSTED_PROXIES"],
        Default = null,
        DefaultText = "none",
        Commands = Visage,
        Meaning = "as `TRUSTED_PROXIES`",
    };

    public static Setting<int> MaxConnections { get; } = new(SettingForms.WholeNumber(1, int.MaxValue, "connections"))
    {
        Variables = ["VISAGE_MAX_CONNECTIONS"],
        Default = Defaults.MaxConnections,
        DefaultText = "as `MAX_CONNECTIONS`",
        Commands = Visage,
        Meaning = "the most connections at once",
    };

    public static Setting<long> MinUploadBytesPerSecond { get; } = new(
        SettingForms.Bytes(0, 1_000_000_000, "bytes per second", ", or 0 for no limit"))
    {
        Variables = ["VISAGE_MIN_UPLOAD_BYTES_PER_SECOND"],
        Default = Defaults.UploadPace.BytesPerSecond,
        DefaultText = "100",
        Commands = Visage,
        Meaning = "a slower upload ends with a 408",
    };

    public static Setting<TimeSpan> MinUploadWindow { get; } = new(SettingForms.Seconds(1, 86_400))
    {
        Variables = ["VISAGE_MIN_UPLOAD_SECONDS"],
        Default = Defaults.UploadPace.Window,
        DefaultText = "300",
        Commands = Visage,
        Meaning = "how long the speed of an upload is measured",
    };

    /// <summary>A program, whose files are looked for at the start; a missing one is reported then and stops nothing.</summary>
    public static Setting<string?> Ffmpeg { get; } = new(new SettingForm<string?>(
        "file, or `none`", "the absolute path of a program, or none", static (string text, out string? value) =>
        {
            value = text == "none" ? "" : text;
            return value.Length == 0 || Path.IsPathFullyQualified(text);
        }))
    {
        Variables = ["VISAGE_FFMPEG"],
        Default = Defaults.Ffmpeg,
        DefaultText = "`ffmpeg` of `PATH`, if it is there",
        Commands = Visage,
        Meaning = "the program that reads videos, with `ffprobe` beside it; without them the service refuses videos",
    };

    public static Setting<long> MaxVideoBytes { get; } = new(SettingForms.Bytes(1024, long.MaxValue))
    {
        Variables = ["VISAGE_MAX_VIDEO_BYTES"],
        Default = Defaults.MaxVideoBytes,
        DefaultText = "4294967296 (4 GiB)",
        Commands = Visage,
        Meaning = "the largest video; it takes this room in the data folder while it is read",
    };

    public static Setting<TimeSpan> VideoTimeout { get; } = new(SettingForms.Seconds(1, 86_400))
    {
        Variables = ["VISAGE_VIDEO_TIMEOUT_SECONDS"],
        Default = Defaults.VideoTimeout,
        DefaultText = "900",
        Commands = Visage,
        Meaning = "how long reading a video may take; the video is then refused",
    };

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        MaxConcurrency, MaxQueued, MaxBodyBytes, MaxPixels, Provider, SecretFile, AllowLan, AllowedHosts, AllowedOrigins, Proxies,
        MaxConnections, MinUploadBytesPerSecond, MinUploadWindow, Ffmpeg, MaxVideoBytes, VideoTimeout,
    ];

    /// <summary>The options that the settings make; what is not set keeps its default.</summary>
    public static VisageOptions Read(SettingsReader reader) => Defaults with
    {
        MaxConcurrency = reader.Read(MaxConcurrency),
        MaxQueued = reader.Read(MaxQueued),
        MaxBodyBytes = reader.Read(MaxBodyBytes),
        MaxPixels = reader.Read(MaxPixels),
        Provider = reader.Read(Provider),
        SecretFile = reader.Read(SecretFile),
        AllowLan = reader.Read(AllowLan),
        AllowedHosts = reader.Read(AllowedHosts) ?? reader.Read(GatewaysHosts) ?? [],
        AllowedOrigins = reader.Read(AllowedOrigins) ?? reader.Read(GatewaysOrigins) ?? [],
        TrustedProxies = reader.Read(Proxies) ?? TrustedProxies.None,
        MaxConnections = reader.Read(MaxConnections, ConnectionForm.Within(FileLimit.Read(), calls: 0)),
        UploadPace = new UploadPace(reader.Read(MinUploadBytesPerSecond), reader.Read(MinUploadWindow)),
        Ffmpeg = reader.Read(Ffmpeg),
        MaxVideoBytes = reader.Read(MaxVideoBytes),
        VideoTimeout = reader.Read(VideoTimeout),
    };

    private static Setting<T> Of<T>(Setting<T> own, string variable) => new(own.Form)
    {
        Variables = [variable],
        Default = own.Default,
        DefaultText = own.DefaultText,
        Commands = own.Commands,
        Meaning = own.Meaning,
    };
}

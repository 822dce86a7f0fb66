using StashAI.Hosting.Bodies;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Connections;

namespace StashAI.Visage.Settings;

/// <summary>The settings of the face service. Every one can come from the environment, see <see cref="FromEnvironment"/>.</summary>
public sealed record VisageOptions
{
    /// <summary>Where to listen, several separated by <c>;</c>. Port 0 takes a free port (<c>VISAGE_URLS</c>).</summary>
    public string Urls { get; init; } = "http://127.0.0.1:9997";

    /// <summary>The folder of the gallery, <c>visage.db</c>. One service at a time may use it (<c>VISAGE_DATA_DIR</c>).</summary>
    public string DataDirectory { get; init; } = Path.Combine("data", "visage");

    /// <summary>The folder of the face models (<c>VISAGE_MODELS_DIR</c>).</summary>
    public string ModelsDirectory { get; init; } = Path.Combine("data", "models");

    /// <summary>How many photos are worked on at once; one thread each (<c>VISAGE_MAX_CONCURRENCY</c>, default: the cores).</summary>
    public int MaxConcurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>How many requests may wait for that; beyond it the answer is 429 (<c>VISAGE_MAX_QUEUED</c>).</summary>
    public int MaxQueued { get; init; } = 32;

    /// <summary>The largest request body in bytes; base64 takes 4 bytes for 3 (<c>VISAGE_MAX_BODY_BYTES</c>, default 96 MiB).</summary>
    public long MaxBodyBytes { get; init; } = 96L << 20;

    /// <summary>The largest photo in pixels; one pixel takes up to 10 bytes while it is worked on (<c>VISAGE_MAX_PIXELS</c>).</summary>
    public long MaxPixels { get; init; } = 80_000_000;

    /// <summary>
    /// Names besides <c>localhost</c> and IP addresses that may stand in the Host header (<c>VISAGE_ALLOWED_HOSTS</c>, or else <c>ALLOWED_HOSTS</c>,
    /// with commas between them). Without the check any web page could reach the service by rebinding its name.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Origins of web pages that may use the service, besides those of this machine and of private networks (<c>VISAGE_CORS_ORIGINS</c>, or else
    /// <c>CORS_ORIGINS</c>): <c>https://stash.example.org</c>, <c>https://*.example.org</c>, <c>http://stash.lan:*</c>.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>
    /// Allows listening on other than loopback addresses: the service has no keys, so everyone who reaches the port may
    /// read and change the gallery (<c>VISAGE_ALLOW_LAN</c>).
    /// </summary>
    public bool AllowLan { get; init; }

    /// <summary>
    /// Proxies whose word about their clients counts (<c>VISAGE_TRUSTED_PROXIES</c>). Unless <see cref="AllowLan"/> is set, a request that came through
    /// another proxy is refused, since it may be anybody's.
    /// </summary>
    public TrustedProxies TrustedProxies { get; init; } = TrustedProxies.None;

    /// <summary>The most connections at once (<c>VISAGE_MAX_CONNECTIONS</c>); the default leaves room below the limit of open files.</summary>
    public int MaxConnections { get; init; } = ConnectionLimit.Default(FileLimit.Read(), 0);

    /// <summary>How slowly a body may arrive (<c>VISAGE_MIN_UPLOAD_BYTES_PER_SECOND</c>, <c>VISAGE_MIN_UPLOAD_SECONDS</c>).</summary>
    public UploadPace Pace { get; init; } = UploadPace.Default;

    /// <summary>
    /// What the models run on: <c>cpu</c>, or <c>cuda</c> where the CUDA build of ONNX Runtime and its libraries are installed
    /// beside the service (<c>VISAGE_PROVIDER</c>).
    /// </summary>
    public string Provider { get; init; } = "cpu";

    /// <summary>Reads the settings from environment variables named <c>VISAGE_*</c>; what is not set keeps its default.</summary>
    /// <exception cref="ArgumentException">A value is not usable; the message names the variable.</exception>
    public static VisageOptions FromEnvironment() => EnvironmentSettings.Read(Environment.GetEnvironmentVariable);
}

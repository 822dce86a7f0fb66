using StashAI.Hosting.Bodies;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Origins;

namespace StashAI.Visage.Settings;

/// <summary>
/// The settings of the face service. <see cref="VisageServiceSettings.Read"/> takes those that have a variable from the environment.
/// </summary>
public sealed record VisageOptions
{
    /// <summary>The name of the file with the gallery's secret, in the gallery's folder.</summary>
    public const string SecretFileName = "visage.secret";

    /// <summary>The addresses to listen on, separated by <c>;</c>. Port 0 chooses a free port.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:9997";

    /// <summary>
    /// The PostgreSQL database of the gallery (<c>VISAGE_DATABASE</c>), which several processes may share; null for the file
    /// <c>visage.db</c> in <see cref="DataDirectory"/>, which one process at a time uses. The service disposes it.
    /// </summary>
    public GalleryDatabase? Database { get; init; }

    /// <summary>The folder of the gallery's file and of the secret.</summary>
    public string DataDirectory { get; init; } = Path.Combine("data", "visage");

    /// <summary>
    /// The file with the secret that the gallery's routes need (<c>VISAGE_SECRET_FILE</c>); null for <see cref="SecretFileName"/> in
    /// <see cref="DataDirectory"/>. It is created if it is missing.
    /// </summary>
    public string? SecretFile { get; init; }

    /// <summary>The folder of the face models.</summary>
    public string ModelsDirectory { get; init; } = Path.Combine("data", "models");

    /// <summary>
    /// How many photos are analysed at once, with one thread each (<c>VISAGE_MAX_CONCURRENCY</c>; by default the number of cores).
    /// </summary>
    public int MaxConcurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>How many requests may wait; more are answered with 429 (<c>VISAGE_MAX_QUEUED</c>).</summary>
    public int MaxQueued { get; init; } = 32;

    /// <summary>The largest request body in bytes; base64 needs 4 bytes for 3 (<c>VISAGE_MAX_BODY_BYTES</c>; 96 MiB by default).</summary>
    public long MaxBodyBytes { get; init; } = 96L << 20;

    /// <summary>The largest photo in pixels; the analysis needs up to 10 bytes per pixel (<c>VISAGE_MAX_PIXELS</c>).</summary>
    public long MaxPixels { get; init; } = 80_000_000;

    /// <summary>
    /// Names that the Host header may contain, besides <c>localhost</c> and IP addresses (<c>VISAGE_ALLOWED_HOSTS</c>, or else
    /// <c>ALLOWED_HOSTS</c>). Without this check any web page could reach the service by DNS rebinding.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Origins of web pages that may use the service, besides those of this machine and of private networks (<c>VISAGE_CORS_ORIGINS</c>, or
    /// else <c>CORS_ORIGINS</c>): <c>https://stash.example.org</c>, <c>https://*.example.org</c>, <c>http://stash.lan:*</c>.
    /// </summary>
    public IReadOnlyList<OriginPattern> AllowedOrigins { get; init; } = [];

    /// <summary>
    /// Allows addresses that are not loopback (<c>VISAGE_ALLOW_LAN</c>). The service has no API keys, so everyone who can reach the port
    /// can identify faces with it; the gallery itself needs the secret.
    /// </summary>
    public bool AllowLan { get; init; }

    /// <summary>
    /// The proxies that are trusted to report their clients (<c>VISAGE_TRUSTED_PROXIES</c>). Unless <see cref="AllowLan"/> is set, a
    /// request that came through another proxy is refused, since its client is unknown.
    /// </summary>
    public TrustedProxies TrustedProxies { get; init; } = TrustedProxies.None;

    /// <summary>The most connections at once (<c>VISAGE_MAX_CONNECTIONS</c>); the default depends on the limit of open files.</summary>
    public int MaxConnections { get; init; } = ConnectionLimit.Default(FileLimit.Read(), 0);

    /// <summary>
    /// The slowest rate at which a request body may arrive (<c>VISAGE_MIN_UPLOAD_BYTES_PER_SECOND</c>, <c>VISAGE_MIN_UPLOAD_SECONDS</c>).
    /// </summary>
    public UploadPace UploadPace { get; init; } = UploadPace.Default;

    /// <summary>
    /// What runs the models: <c>cpu</c>, or <c>cuda</c> if the CUDA build of ONNX Runtime and its libraries are next to the program
    /// (<c>VISAGE_PROVIDER</c>).
    /// </summary>
    public string Provider { get; init; } = "cpu";

    /// <summary>
    /// The program that reads videos (<c>VISAGE_FFMPEG</c>); null for the <c>ffmpeg</c> of <c>PATH</c>, if there is one, and empty for
    /// none.
    /// </summary>
    public string? Ffmpeg { get; init; }

    /// <summary>The largest video in bytes; it is stored in the data folder while it is read (<c>VISAGE_MAX_VIDEO_BYTES</c>).</summary>
    public long MaxVideoBytes { get; init; } = 4L << 30;

    /// <summary>How long reading a video may take, once it has arrived (<c>VISAGE_VIDEO_TIMEOUT_SECONDS</c>).</summary>
    public TimeSpan VideoTimeout { get; init; } = TimeSpan.FromMinutes(15);
}

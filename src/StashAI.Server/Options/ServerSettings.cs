using StashAI.Adapters.Visage;
using StashAI.Hosting.Bodies;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Settings;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Policies;
using StashAI.Queue.Settings;

namespace StashAI.Server.Options;

/// <summary>The declarations of the settings of the commands and of the queue. A setting without a variable is only a flag.</summary>
internal static class ServerSettings
{
    private static readonly string[] Serve = ["serve"];
    private static readonly string[] ServeAndWorker = ["serve", "worker"];
    private static readonly string[] VisageAndServe = ["visage", "serve"];
    private static readonly string[] Queue = ["serve", "worker", "migrate", "keys", "backup"];
    private static readonly string[] WithPayloads = ["serve", "worker", "backup", "restore"];
    private static readonly QueueOptions Defaults = new();

    public static Setting<string?> DataDirectory { get; } = new(SettingForms.Folder)
    {
        Variables = ["DATA_DIR"],
        Flag = "--data",
        Default = null,
        DefaultText = "`./data`",
        Commands = ["serve", "worker", "visage", "migrate", "keys", "models", "demo", "service", "backup"],
        Meaning = "everything that the server keeps",
    };

    public static Setting<string?> DatabaseUrlFile { get; } = new(SettingForms.FilePath)
    {
        Variables = ["DATABASE_URL_FILE"],
        Default = null,
        DefaultText = "none",
        Commands = Queue,
        Meaning = "a file that holds this URL, such as a secret of a container. Read when `DATABASE_URL` is not set",
    };

    public static Setting<DatabaseServer?> DatabaseUrl { get; } = new(
        new SettingForm<DatabaseServer?>("URL", "the URL of a PostgreSQL database", (text, out value) =>
        {
            value = new DatabaseServer(text);
            return true;
        }))
    {
        Variables = ["DATABASE_URL"],
        Flag = "--database",
        Default = null,
        DefaultText = "none",
        Commands = Queue,
        IsSecret = true,
        Show = server => server?.Name,
        FileSetting = DatabaseUrlFile,
        Meaning = "PostgreSQL for the queue: `postgres://user:password@host/database?sslmode=require`, or as the hoster prints it "
            + "([operations](operations.md#the-database-url)). Without it the queue is a SQLite file",
    };

    public static Setting<string?> QueueDatabasePath { get; } = new(SettingForms.FilePath)
    {
        Variables = ["QUEUE_DB_PATH"],
        Default = null,
        DefaultText = "`queue.db` in the data folder",
        Commands = Queue,
        Meaning = "the SQLite file of the queue",
    };

    public static Setting<PayloadStore?> Payloads { get; } = new(PayloadStore.Form)
    {
        Variables = ["PAYLOADS"],
        Default = null,
        DefaultText = "`files` with SQLite, `database` with PostgreSQL",
        Commands = WithPayloads,
        Meaning = "where photos and other large parts of new uploads are kept: "
            + "in files beside the SQLite file, in the database, in files of a folder that all processes of the queue have "
            + "([operations](operations.md#photos-in-files)), or in objects of an S3 bucket "
            + "([operations](operations.md#photos-in-a-bucket))",
    };

    public static Setting<string?> AccessKeyId { get; } = KeyOf(
        "AWS_ACCESS_KEY_ID",
        "the id of the access key for a bucket in `PAYLOADS`. Without it, what AWS's own tools would use: a profile, or the role of the "
            + "machine");

    public static Setting<string?> SecretAccessKey { get; } = KeyOf("AWS_SECRET_ACCESS_KEY", "the secret of this key");

    public static Setting<string?> SessionToken { get; } = KeyOf("AWS_SESSION_TOKEN", "the token of a key that is valid for a time");

    public static Setting<string?> ModelsDirectory { get; } = new(SettingForms.Folder)
    {
        Variables = ["MODELS_DIR"],
        Flag = "--models",
        Default = null,
        DefaultText = "`models` in the data folder",
        Commands = ["serve", "visage", "models", "demo"],
        Meaning = "the face models",
    };

    public static Setting<IReadOnlyList<string>?> Urls { get; } = new(ListenForm.Of(ServeOptions.DefaultUrl))
    {
        Variables = [],
        Flag = "--urls",
        Default = null,
        DefaultText = $"`{ServeOptions.DefaultUrl}`",
        Commands = Serve,
        Meaning = "where the gateway listens",
    };

    public static Setting<IReadOnlyList<string>?> VisageUrls { get; } = new(ListenForm.Of(VisageCommandOptions.DefaultUrl))
    {
        Variables = ["VISAGE_URLS"],
        Flag = "--urls",
        Default = null,
        DefaultText = $"`{VisageCommandOptions.DefaultUrl}`",
        Commands = ["visage"],
        Meaning = "where `stashai visage` listens; `serve` tells its own by `--visage-port`",
    };

    public static Setting<string?> VisageDatabaseFile { get; } = new(SettingForms.FilePath)
    {
        Variables = ["VISAGE_DATABASE_FILE"],
        Default = null,
        DefaultText = "none",
        Commands = VisageAndServe,
        Meaning = "a file that holds this URL. Read when `VISAGE_DATABASE` is not set",
    };

    public static Setting<GalleryServer?> VisageDatabase { get; } = new(GalleryServer.Form)
    {
        Variables = ["VISAGE_DATABASE"],
        Default = null,
        DefaultText = "`serve`: PostgreSQL of the queue, if it is there; `visage`: none",
        Commands = VisageAndServe,
        IsSecret = true,
        Show = gallery => gallery is null ? null : gallery.Server?.Name ?? GalleryServer.TextOf(null),
        FileSetting = VisageDatabaseFile,
        Meaning = "PostgreSQL for the gallery, which several face services may share, as a URL like that of `DATABASE_URL`. It may be the "
            + "queue's database. With `none` the gallery is the file `visage/visage.db` in the data folder, for one service "
            + "([faces](faces.md#several-face-services))",
    };

    public static Setting<LogLevel> LogLevel { get; } = new(SettingForms.Word(
        ("debug", Microsoft.Extensions.Logging.LogLevel.Debug), ("info", Microsoft.Extensions.Logging.LogLevel.Information),
        ("warning", Microsoft.Extensions.Logging.LogLevel.Warning), ("error", Microsoft.Extensions.Logging.LogLevel.Error)))
    {
        Variables = ["LOG_LEVEL"],
        Flag = "--log-level",
        Default = Microsoft.Extensions.Logging.LogLevel.Information,
        DefaultText = "`info`",
        Commands = ["serve", "worker", "visage", "migrate", "keys", "models", "demo", "health"],
        Meaning = "how much the log says",
    };

    public static Setting<int> MaxConnections { get; } = new(SettingForms.WholeNumber(1, int.MaxValue, "connections"))
    {
        Variables = [ConnectionLimit.Setting],
        Default = 0,
        DefaultText = "20000, or fewer where the limit of open files is lower",
        Commands = Serve,
        Meaning = "the most connections at once. When all are taken, the one that has been idle longest is closed",
    };

    public static Setting<long> MinUploadBytesPerSecond { get; } = new(
        SettingForms.Bytes(0, 1_000_000_000, "bytes per second", ", or 0 for no limit"))
    {
        Variables = [UploadPace.Setting],
        Default = UploadPace.Default.BytesPerSecond,
        DefaultText = "100",
        Commands = Serve,
        Meaning = "a slower upload ends with a 408",
    };

    public static Setting<TimeSpan> MinUploadWindow { get; } = new(SettingForms.Seconds(1, 86_400))
    {
        Variables = [UploadPace.WindowSetting],
        Default = UploadPace.Default.Window,
        DefaultText = "300",
        Commands = Serve,
        Meaning = "how long the speed of an upload is measured",
    };

    public static Setting<int> Workers { get; } = new(SettingForms.WholeNumber(1, 1024, "calls"))
    {
        Variables = ["WORKERS"],
        Flag = "--workers",
        Default = 4,
        DefaultText = "4",
        Commands = ["serve", "worker", "demo"],
        Meaning = "how many calls to AI services a process makes at once",
    };

    public static Setting<LabelSet?> WorkerLabels { get; } = new(
        new SettingForm<LabelSet?>("labels, such as `gpu,fast`", "labels joined by commas, such as gpu,fast", (text, out value) =>
        {
            value = LabelSet.Parse(text);
            return true;
        }))
    {
        Variables = ["WORKER_LABELS"],
        Default = null,
        DefaultText = "none",
        Commands = ServeAndWorker,
        Meaning = "what this process can do; a service may require labels of the workers that call it",
    };

    public static Setting<TimeSpan> RetryAfterMax { get; } = new(SettingForms.Seconds(1, 86_400))
    {
        Variables = ["RETRY_AFTER_MAX_SECONDS"],
        Default = Defaults.MaxPause,
        DefaultText = "3600",
        Commands = ServeAndWorker,
        Meaning = "the longest that one `Retry-After` of a service makes its lane wait; then the service is asked again",
    };

    public static Setting<TimeSpan> NodeLease { get; } = new(SettingForms.Seconds(1, 3600))
    {
        Variables = ["NODE_LEASE_SECONDS"],
        Default = Defaults.Lease,
        DefaultText = "30",
        Commands = ServeAndWorker,
        Meaning = "after how long without a sign of life other processes take over the tasks of a process. "
            + "It renews its lease five times as often",
    };

    public static Setting<TimeSpan?> RetentionCompleted { get; } = new(SettingForms.DaysOrNever(0, 36_500))
    {
        Variables = ["RETENTION_COMPLETED_DAYS"],
        Default = RetentionPolicy.Default.Completed,
        DefaultText = "30",
        Commands = ServeAndWorker,
        Meaning = "how long a job is kept after all its tasks completed; `never` removes nothing",
    };

    public static Setting<TimeSpan?> RetentionFailed { get; } = new(SettingForms.DaysOrNever(0, 36_500))
    {
        Variables = ["RETENTION_FAILED_DAYS"],
        Default = RetentionPolicy.Default.Failed,
        DefaultText = "90",
        Commands = ServeAndWorker,
        Meaning = "how long a job with failed tasks is kept",
    };

    public static Setting<TimeSpan?> RetentionCancelled { get; } = new(SettingForms.DaysOrNever(0, 36_500))
    {
        Variables = ["RETENTION_CANCELLED_DAYS"],
        Default = RetentionPolicy.Default.Cancelled,
        DefaultText = "30",
        Commands = ServeAndWorker,
        Meaning = "how long a cancelled job is kept",
    };

    public static Setting<TimeSpan?> RetentionAudit { get; } = new(SettingForms.DaysOrNever(0, 36_500))
    {
        Variables = ["RETENTION_AUDIT_DAYS"],
        Default = TimeSpan.FromDays(90),
        DefaultText = "90",
        Commands = ServeAndWorker,
        Meaning = "how long changes by people (`GET /api/audit`) and ended bulk operations are kept",
    };

    public static Setting<TimeSpan?> RetentionWebhooks { get; } = new(SettingForms.DaysOrNever(0, 36_500))
    {
        Variables = ["RETENTION_WEBHOOKS_DAYS"],
        Default = TimeSpan.FromDays(30),
        DefaultText = "30",
        Commands = ServeAndWorker,
        Meaning = "how long the log of [webhooks](webhooks.md) keeps what was delivered or given up",
    };

    public static Setting<long> DiskLow { get; } = new(SettingForms.Bytes(0, long.MaxValue))
    {
        Variables = [StorageState.LowSetting],
        Default = 2_147_483_648,
        DefaultText = "2147483648 (2 GiB)",
        Commands = ServeAndWorker,
        Meaning = "with less room on the disk of the data folder, `/health` and the dashboard warn; 0 never",
    };

    public static Setting<TimeSpan> RetentionUploads { get; } = new(SettingForms.Seconds(60, 30 * 86_400))
    {
        Variables = ["RETENTION_UPLOADS_SECONDS"],
        Default = TimeSpan.FromDays(1),
        DefaultText = "86400",
        Commands = ServeAndWorker,
        Meaning = "how long an upload (`/api/uploads`) is kept after its last chunk",
    };

    public static Setting<TimeSpan?> RetentionInputs { get; } = new(SettingForms.DaysOrNever(0, 36_500))
    {
        Variables = ["RETENTION_INPUTS_DAYS"],
        Default = RetentionPolicy.Default.Inputs,
        DefaultText = "`never`",
        Commands = ServeAndWorker,
        Meaning = "when the photos of completed tasks are removed, if earlier than their job",
    };

    public static Setting<TimeSpan?> RetentionResults { get; } = new(SettingForms.DaysOrNever(0, 36_500))
    {
        Variables = ["RETENTION_CACHE_DAYS"],
        Default = TimeSpan.FromDays(30),
        DefaultText = "30",
        Commands = ServeAndWorker,
        Meaning = "how long a result is known to jobs with `cache: use`, at most as long as the job that computed it is kept",
    };

    public static Setting<VisageAddress?> VisageAddress { get; } = new(Options.VisageAddress.Form)
    {
        Variables = ["VISAGE_API_URL", "VISAGE_URL"],
        Flag = "--visage-url",
        Default = null,
        DefaultText = "none",
        Commands = ServeAndWorker,
        Meaning = "a Visage service that is already running; `serve` then starts none. "
            + "`none` runs without a face service, so jobs must name one in `visage_api_url`. The two variables may not differ",
    };

    public static Setting<Uri?> HealthUrl { get; } = new(
        SettingForms.Address("the http:// or https:// address of a service, without user, query or fragment"))
    {
        Variables = [],
        Flag = "--url",
        Default = null,
        DefaultText = $"`{ServeOptions.DefaultUrl}`",
        Commands = ["health"],
        Meaning = "the server to ask",
    };

    /// <summary>The commands that are clients of a server.</summary>
    private static readonly string[] Clients = ["submit", "watch", "jobs", "results", "doctor", "login"];

    public static Setting<Uri?> ClientServer { get; } =
        new(SettingForms.Address("the http:// or https:// address of a server, without user, query or fragment"))
        {
            Variables = ["STASHAI_URL"],
            Flag = "--server",
            Default = null,
            DefaultText = $"the server of `stashai login`, or `{ServeOptions.DefaultUrl}`",
            Commands = Clients,
            Meaning = "the server that the commands for work talk to ([cli.md](cli.md))",
        };

    public static Setting<string?> ClientKey { get; } = new(SettingForms.Text)
    {
        Variables = ["STASHAI_KEY"],
        Flag = "--key",
        Default = null,
        DefaultText = "the key of `stashai login`",
        Commands = Clients,
        IsSecret = true,
        Meaning = "the API key for that server. Other users of the machine see flags, so prefer the variable or `stashai login`",
    };

    public static Setting<string?> ClientFolder { get; } = new(SettingForms.Folder)
    {
        Variables = ["STASHAI_CONFIG_DIR"],
        Default = null,
        DefaultText = "`stashai` in the user's configuration folder",
        Commands = Clients,
        Meaning = "where `stashai login` keeps server and key, in a file that only the user can read",
    };

    public static Setting<int> VisagePort { get; } = new(SettingForms.WholeNumber(0, 65_535))
    {
        Variables = [],
        Flag = "--visage-port",
        Default = 9997,
        DefaultText = "9997",
        Commands = Serve,
        Meaning = "port of the Visage service that `serve` starts; another is taken if it is in use",
    };

    public static Setting<int?> VisageMaxParallel { get; } = new(SettingForms.WholeNumber(1, 10_000, "calls").OrNull())
    {
        Variables = ["VISAGE_MAX_PARALLEL"],
        Default = null,
        DefaultText = "no limit",
        Commands = ServeAndWorker,
        Meaning = "the most calls to Visage at once, over all processes of the queue",
    };

    public static Setting<double?> VisageRatePerSecond { get; } = new(SettingForms.Number(0.001, 100_000, "calls per second").OrNull())
    {
        Variables = ["VISAGE_RATE_PER_SECOND"],
        Default = null,
        DefaultText = "no limit",
        Commands = ServeAndWorker,
        Meaning = "the most calls to Visage over time, over all processes",
    };

    public static Setting<double?> VisageRateBurst { get; } = new(SettingForms.Number(1, 100_000, "calls").OrNull())
    {
        Variables = ["VISAGE_RATE_BURST"],
        Default = null,
        DefaultText = "one second's worth",
        Commands = ServeAndWorker,
        Meaning = "how many calls may follow each other at once; needs `VISAGE_RATE_PER_SECOND`",
    };

    public static Setting<TimeSpan> VisageTimeout { get; } = new(SettingForms.Seconds(5, 3600))
    {
        Variables = ["VISAGE_TIMEOUT_SECONDS"],
        Default = VisageAdapter.UsualTimeout,
        DefaultText = "120",
        Commands = ServeAndWorker,
        Meaning = "how long a photo or a comparison may take; then it counts as a timeout and is tried again",
    };

    public static Setting<string?> Collector { get; } = new(SettingForms.Text)
    {
        Variables = ["OTEL_EXPORTER_OTLP_ENDPOINT"],
        Default = null,
        DefaultText = "none",
        Commands = ServeAndWorker,
        Meaning = "a collector for metrics and traces ([observability](observability.md)); "
            + "OpenTelemetry's other variables (`OTEL_*`) apply too",
    };

    public static Setting<string?> NpmRegistry { get; } = new(SettingForms.Text)
    {
        Variables = ["NPM_CONFIG_REGISTRY"],
        Default = null,
        DefaultText = "the registry of an `.npmrc`",
        Commands = ["models", "visage", "serve"],
        IsSecret = true,
        Meaning = "where the face models come from on a machine without npm",
    };

    private static Setting<string?> KeyOf(string variable, string meaning) => new(new SettingForm<string?>(
        "text", "printable characters without spaces", (text, out value) => (value = text).All(letter => letter is > ' ' and <= '~')))
    {
        Variables = [variable],
        Default = null,
        DefaultText = "none",
        Commands = WithPayloads,
        IsSecret = true,
        Meaning = meaning,
    };
}

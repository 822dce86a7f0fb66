using Microsoft.Extensions.Options;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Settings;
using StashAI.Server.Options;
using StashAI.Visage.Settings;

namespace StashAI.Server.Hosting;

/// <summary>Every setting of every command.</summary>
internal static class SettingsCatalog
{
    public static IReadOnlyList<SettingSection> Sections { get; } =
    [
        new("Where things are",
        [
            ServerSettings.DataDirectory, ServerSettings.DatabaseUrl, ServerSettings.DatabaseUrlFile, ServerSettings.QueueDatabasePath,
            ServerSettings.Payloads, ServerSettings.AccessKeyId, ServerSettings.SecretAccessKey, ServerSettings.SessionToken,
            ServerSettings.ModelsDirectory, .. GatewaySettings.Folders,
        ]),
        new("The gateway",
        [
            ServerSettings.Urls, ServerSettings.LogLevel, .. GatewaySettings.Requests, ServerSettings.MaxConnections,
            ServerSettings.MinUploadBytesPerSecond, ServerSettings.MinUploadWindow,
        ]),
        new("The queue and its workers",
        [
            ServerSettings.Workers, ServerSettings.WorkerLabels, ServerSettings.RetryAfterMax, ServerSettings.NodeLease,
            .. GatewaySettings.Direct, ServerSettings.RetentionCompleted, ServerSettings.RetentionFailed, ServerSettings.RetentionCancelled,
            ServerSettings.RetentionInputs, ServerSettings.RetentionResults, ServerSettings.RetentionAudit, ServerSettings.RetentionUploads,
            ServerSettings.RetentionWebhooks, ServerSettings.DiskLow,
        ]),
        new("Calling the face service",
        [
            ServerSettings.VisageAddress, ServerSettings.VisagePort, ServerSettings.VisageMaxParallel, ServerSettings.VisageRatePerSecond,
            ServerSettings.VisageRateBurst, ServerSettings.VisageTimeout,
        ]),
        new("Who may call", GatewaySettings.Callers) { Before = "[SECURITY.md](../SECURITY.md) explains these settings." },
        new("What the server may call", GatewaySettings.Called)
        {
            After = """
                The environment also gives declared services their addresses and keys: `${NAME}` in a file of `services/` is the variable `NAME`
                ([Secrets](adapter-guide.md#secrets)). The shipped services read `TRANSLATION_API_URL`, `OCR_API_URL`, `TRANSCRIPTION_API_URL`,
                `EMBEDDINGS_API_URL` and `CHAT_API_URL`, and the last three also `…_API_KEY`. `NAME_API_URL` moves the plug-in `name`.
                """,
        },
        new("The Visage service",
        [
            ServerSettings.VisageUrls, ServerSettings.VisageDatabase, ServerSettings.VisageDatabaseFile, .. VisageServiceSettings.All,
        ])
        {
            Before = "`stashai visage`, and the Visage service that `serve` starts, read these. [faces.md](faces.md) explains the service.",
        },
        new("The command line", [ServerSettings.ClientServer, ServerSettings.ClientKey, ServerSettings.ClientFolder]),
        new("Others", [ServerSettings.Collector, ServerSettings.NpmRegistry])
        {
            After = "`PYTHONPATH` is ignored; older deployments set it, and the log mentions it once.",
        },
    ];

    public static IEnumerable<SettingDefinition> All => Sections.SelectMany(section => section.Settings);

    /// <summary>The names of all variables.</summary>
    public static IReadOnlyCollection<string> Variables { get; } =
        [.. Sections.SelectMany(section => section.Settings).SelectMany(setting => setting.Variables)];

    /// <summary>Reads all settings, so that the reader collects every problem.</summary>
    public static void Check(SettingsReader reader)
    {
        ReadForCalls(reader);
        ReadForGateway(reader, reader.Read(ServerSettings.Workers));
        _ = VisageServiceSettings.Read(reader);
        foreach (var setting in All) _ = reader.Check(setting);
    }

    /// <summary>
    /// Validates all settings of <c>serve</c> before anything is opened or created. Flags and their variables were read before.
    /// </summary>
    /// <exception cref="OptionsValidationException">Settings are not valid; there is one sentence for each.</exception>
    public static void Require(IConfiguration settings, ServeOptions options) => Require(settings, "serve", reader =>
    {
        ReadForCalls(reader);
        ReadForGateway(reader, options.Workers);
        if (options is { VisageUrl: null, HasVisage: true }) _ = VisageServiceSettings.Read(reader);
    });

    /// <summary>Validates all settings of <c>worker</c>.</summary>
    /// <exception cref="OptionsValidationException">Settings are not valid; there is one sentence for each.</exception>
    public static void Require(IConfiguration settings, WorkerOptions options) => Require(settings, "worker", ReadForCalls);

    private static void Require(IConfiguration settings, string command, Action<SettingsReader> read) =>
        _ = SettingsReader.Bind(settings, reader =>
        {
            read(reader);
            foreach (var setting in All.Except(VisageServiceSettings.All))
            {
                if (setting.Flag is null && setting.Commands.Contains(command)) _ = reader.Check(setting);
            }

            return true;
        });

    /// <summary>
    /// Reads settings that depend on each other or on this machine. Their errors are more specific, so they are read first.
    /// </summary>
    private static void ReadForCalls(SettingsReader reader)
    {
        _ = SecurityOptions.Read(reader);
        _ = VisageSettings.Read(reader);
    }

    private static void ReadForGateway(SettingsReader reader, int workers) =>
        _ = ConnectionSettings.Read(reader, workers, FileLimit.Read());
}

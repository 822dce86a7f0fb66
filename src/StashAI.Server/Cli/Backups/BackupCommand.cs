using System.CommandLine;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Settings;
using StashAI.Queue.Store;
using StashAI.Server.Backups;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Server.Options;
using StashAI.Storage.Backups;

namespace StashAI.Server.Cli.Backups;

/// <summary><c>stashai backup</c>: copies everything that a server keeps into a folder, while the server runs.</summary>
internal static class BackupCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var flags = new RemoteFlags();
        var folder = new Argument<string>("FOLDER")
        {
            Description = "The folder of the backup: a new one, or that of an earlier backup, which is brought up to date.",
        };
        var copy = new Option<bool>("--copy")
        {
            Description = "Copy photos also on the queue's own disk, where they would share their bytes with the queue.",
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Replace the backup of another queue that the folder has.",
        };
        var dump = new Option<string?>("--dump")
        {
            HelpName = "FILE",
            Description = "A dump of the PostgreSQL database, made before, which becomes part of the backup.",
        };
        var (data, database) = (DataOption(), DatabaseOption());
        var command = new Command("backup", "Back up a server's data into a folder, while the server runs.")
        {
            folder, copy, replace, dump, data, database, flags.Json, flags.Quiet,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            new BackupCall(parse, flags, surroundings),
            (call, token) =>
            {
                RequireFolder(parse.GetValue(folder)!);
                return BackUpAsync(call, call.PathOf(folder), call.PathOf(dump), !call.Value(copy), call.Value(replace), token);
            },
            cancellationToken));
        command.Subcommands.Add(VerifyCommand.Create(surroundings));
        return command;
    }

    /// <summary>The flag that names the server's data folder.</summary>
    public static Option<string?> DataOption() => new(ServerSettings.DataDirectory.Flag!)
    {
        HelpName = "DIR",
        Description = "The server's data folder (DATA_DIR; default ./data).",
    };

    /// <summary>The flag that names the PostgreSQL database of the queue.</summary>
    public static Option<string?> DatabaseOption() => new(ServerSettings.DatabaseUrl.Flag!)
    {
        HelpName = "URL",
        Description = "PostgreSQL of the queue, postgres://user@host/database (DATABASE_URL or DATABASE_URL_FILE; default none).",
    };

    /// <summary>A misspelt subcommand must not become the name of a folder.</summary>
    private static void RequireFolder(string text)
    {
        if (Path.GetFileName(text) == text && !Directory.Exists(text) && NearestName.Of(text, [VerifyCommand.Name]) is { } nearest)
            throw new UsageException($"'{text}' is not understood. Did you mean '{nearest}'? A new folder of this name is ./{text}.");
    }

    /// <summary>Runs a command with its signals and its errors.</summary>
    public static async Task<int> RunAsync(
        BackupCall call, Func<BackupCall, CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        using var termination = new Termination(withStandardInput: false, cancellationToken);
        try
        {
            return await run(call, termination.Token);
        }
        catch (DamagedBackupException exception)
        {
            call.Clear();
            foreach (var problem in exception.Problems) await call.Error.WriteLineAsync(problem);
            throw new StartException(exception.Message, exception);
        }
        finally
        {
            call.Clear();
        }
    }

    private static async Task<int> BackUpAsync(
        BackupCall call, string folder, string? dump, bool mayLink, bool mayReplace, CancellationToken cancellationToken)
    {
        var (plan, queue, server, payloads) = SettingsReader.Bind(call.Settings, reader =>
        {
            var data = reader.Read(ServerSettings.DataDirectory) ?? Path.GetFullPath("data");
            var taken = new BackupPlan
            {
                Folder = folder,
                DataDirectory = data,
                ServicesDirectory = reader.Read(GatewaySettings.ServicesDirectory) ?? Path.Combine(data, "services"),
                AdaptersDirectory = reader.Read(GatewaySettings.AdaptersDirectory) ?? Path.Combine(data, "adapters"),
                Dump = dump,
                MayLink = mayLink,
                MayReplace = mayReplace,
            };
            return (
                taken, reader.Read(ServerSettings.QueueDatabasePath) ?? Path.Combine(data, "queue.db"),
                reader.Read(ServerSettings.DatabaseUrl), PayloadStore.Read(reader));
        });
        if (dump is not null && server is null)
            throw new UsageException("--dump is for a queue in PostgreSQL; the backup of a SQLite file has the queue anyway.");
        if (dump is not null && !File.Exists(dump)) throw new UsageException($"--dump must be a file that exists, not '{dump}'.");
        await using var source = await OpenAsync(queue, server, payloads, call.Clock, cancellationToken);
        var started = call.Clock.GetTimestamp();
        var outcome = await new BackupRecorder(call, queue, server).RecordAsync(
            plan, () => new BackupRun(plan, source, call.Show, call.Clock).RunAsync(cancellationToken));
        call.Clear();
        await WriteAsync(call, folder, outcome, call.Clock.GetElapsedTime(started));
        if (server is not null && dump is null) await call.SayAsync(DatabaseTools.DumpFirst(server, folder));
        if (call.Settings.Find(GatewaySettings.SecretsKey) is { } key)
            await call.SayAsync($"The key that encrypts secrets of jobs comes from {key.Source} and is not in the backup.");
        // Somebody has to look at it, also where a timer runs the command.
        return outcome.Manifest.Payloads.Damaged > 0 ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static async Task<IBackupSource> OpenAsync(
        string queue, DatabaseServer? server, PayloadStore? payloads, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (server is null && !File.Exists(queue))
            throw new UsageException($"There is no queue at {queue}: check --data, DATA_DIR and QUEUE_DB_PATH.");
        try
        {
            return server is null
                ? SqliteBackupSource.Open(queue, payloads?.Folder, payloads?.Bucket, clock)
                : await PostgresBackupSource.OpenAsync(server.Url, payloads?.Folder, payloads?.Bucket, cancellationToken);
        }
        catch (StoreOpenException exception)
        {
            throw exception.IsSetting ? new UsageException(exception.Message) : new StartException(exception.Message, exception);
        }
    }

    private static async Task WriteAsync(BackupCall call, string folder, BackupOutcome outcome, TimeSpan time)
    {
        var (manifest, payloads) = (outcome.Manifest, outcome.Manifest.Payloads);
        if (call.Json is { } json)
        {
            await call.WriteAsync(json, new BackupLine(
                folder, manifest.CreatedAt, manifest.Program, manifest.Schema, manifest.Database, manifest.Size, manifest.Files.Count,
                payloads.Count, payloads.Files, payloads.Size, outcome.LinkedFiles, outcome.KnownFiles, payloads.Removed, payloads.Damaged,
                manifest.Objects?.Objects ?? 0, manifest.Objects?.Size ?? 0, time.TotalSeconds));
        }
        else
        {
            await call.Output.WriteLineAsync(
                $"{folder} has the backup of {BackupTimes.Text(manifest.CreatedAt)}: {Sizes.Text(manifest.Size)}, "
                + $"{payloads.Count} payloads in {payloads.Files} files, of which {outcome.KnownFiles} were there already and "
                + $"{outcome.LinkedFiles} share their bytes with the queue.");
        }

        if (manifest.Objects is { } objects)
        {
            await call.SayAsync(
                $"{objects.Payloads} more payloads ({Sizes.Text(objects.Size)}) are in objects of {objects.Place} and not in the backup, "
                + "which names the objects: protect the bucket itself.");
        }

        if (outcome.LinkedFiles > 0)
        {
            await call.SayAsync(
                "Files that share their bytes with the queue are on the same disk and are lost with it: copy the folder to another disk, "
                + "or use --copy.");
        }

        if (outcome.Leftover is { } leftover)
        {
            await call.SayAsync(
                $"Files in {folder} that this backup does not need could not be removed ({leftover}): the next backup tries again.");
        }

        if (payloads.Removed > 0) await call.SayAsync($"{payloads.Removed} payloads were removed while the backup was made.");
        if (payloads.Damaged == 0) return;
        call.Clear();
        await call.Error.WriteLineAsync(
            $"{payloads.Damaged} payloads of the queue itself are missing or altered, and so they are in the backup: lines with the state "
            + $"'damaged' in {Path.Combine(folder, manifest.Content, BackupManifest.IndexFile)}.");
    }

    private sealed record BackupLine(
        string Folder, DateTimeOffset CreatedAt, string Program, string Schema, string Database, long Size, int Files, long Payloads,
        int PayloadFiles, long PayloadSize, int LinkedFiles, int KnownFiles, long RemovedPayloads, long DamagedPayloads,
        int Objects, long ObjectSize, double Seconds);
}

using System.CommandLine;
using StashAI.Hosting.Settings;
using StashAI.Server.Backups;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Cli.Backups;

/// <summary><c>stashai backup verify</c>: reads all of a backup and names each file that is missing or altered.</summary>
internal static class VerifyCommand
{
    public const string Name = "verify";

    public static Command Create(Surroundings surroundings)
    {
        var flags = new RemoteFlags();
        var folder = new Argument<string>("FOLDER") { Description = "The folder of the backup." };
        var (data, database) = (BackupCommand.DataOption(), BackupCommand.DatabaseOption());
        var command = new Command(Name, "Read all of a backup and name each file that is missing or altered.")
        {
            folder, data, database, flags.Json, flags.Quiet,
        };
        command.SetAction((parse, cancellationToken) => BackupCommand.RunAsync(
            new BackupCall(parse, flags, surroundings),
            (call, token) =>
                VerifyAsync(call, call.PathOf(folder), call.Value(data) is not null || call.Value(database) is not null, token),
            cancellationToken));
        return command;
    }

    private static async Task<int> VerifyAsync(BackupCall call, string folder, bool namesQueue, CancellationToken cancellationToken)
    {
        var manifest = BackupReader.Open(folder);
        var (keys, queue, server) = SettingsReader.Bind(call.Settings, reader => (
            PayloadStore.ReadKeys(reader),
            reader.Read(ServerSettings.QueueDatabasePath)
                ?? Path.Combine(reader.Read(ServerSettings.DataDirectory) ?? Path.GetFullPath("data"), "queue.db"),
            reader.Read(ServerSettings.DatabaseUrl)));
        if (namesQueue && server is null && !File.Exists(queue))
            throw new UsageException($"There is no queue at {queue}: check --data, DATA_DIR and QUEUE_DB_PATH.");
        var reader = new BackupReader(folder, call.Show, "Verifying", keys);
        await reader.ReadAsync(manifest, null, cancellationToken);
        call.Clear();
        // A backup is also verified where there is no queue, for example on the machine that keeps it.
        if (server is not null || File.Exists(queue))
            await new BackupRecorder(call, queue, server).RecordCheckAsync(manifest, reader.Problems, namesQueue);
        if (call.Json is { } json)
        {
            await call.WriteAsync(json, new VerifyLine(
                folder, reader.Problems.Count == 0, manifest.CreatedAt, manifest.Program, manifest.Schema, manifest.Database, manifest.Size,
                manifest.Payloads.Count, reader.Problems));
        }
        else if (reader.Problems.Count == 0)
        {
            await call.Output.WriteLineAsync(
                $"{folder} has the whole backup of {BackupTimes.Text(manifest.CreatedAt)}: {Sizes.Text(manifest.Size)}, "
                + $"{manifest.Payloads.Count} payloads.");
        }

        if (manifest.Objects is { } objects)
        {
            await call.SayAsync(
                $"Objects in {objects.Place} ({objects.Objects}) are not part of the backup; their sizes were compared, not their bytes.");
        }

        if (BackupFolder.HasUnfinished(folder, manifest))
            await call.SayAsync($"Another backup into {folder} is running, was not finished or left files behind; this is the valid one.");
        if (manifest.Payloads.Damaged > 0)
            await call.SayAsync($"{manifest.Payloads.Damaged} more payloads were missing or altered in the queue itself.");
        if (reader.Problems.Count == 0) return ExitCodes.Success;
        foreach (var problem in call.Json is null ? reader.Problems : []) await call.Error.WriteLineAsync(problem);
        throw new StartException($"{folder} is damaged: {reader.Problems.Count} problems. Take another backup into a new folder.");
    }

    private sealed record VerifyLine(
        string Folder, bool IsGood, DateTimeOffset CreatedAt, string Program, string Schema, string Database, long Size, long Payloads,
        IReadOnlyList<string> Problems);
}

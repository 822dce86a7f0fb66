using System.CommandLine;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Settings;
using StashAI.Server.Backups;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Cli.Backups;

/// <summary><c>stashai restore</c>: puts a backup into a data folder, from which a server starts.</summary>
internal static class RestoreCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var flags = new RemoteFlags();
        var folder = new Argument<string>("FOLDER") { Description = "The folder of the backup." };
        var to = new Option<string?>("--to")
        {
            HelpName = "DIR",
            Description = "The data folder to restore into, in which no server runs.",
            Required = true,
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Move what the data folder has now into a folder replaced-TIME in it; nothing is deleted.",
        };
        var acceptDamage = new Option<bool>("--accept-damage")
        {
            Description = "Restore everything else where photos and other payloads of the backup are missing or altered.",
        };
        var command = new Command("restore", "Restore a backup into a data folder.")
        {
            folder, to, replace, acceptDamage, flags.Json, flags.Quiet,
        };
        command.SetAction((parse, cancellationToken) => BackupCommand.RunAsync(
            new BackupCall(parse, flags, surroundings),
            (call, token) => RestoreAsync(
                call, call.PathOf(folder), call.PathOf(to)!, call.Value(replace), call.Value(acceptDamage), token),
            cancellationToken));
        return command;
    }

    private static async Task<int> RestoreAsync(
        BackupCall call, string folder, string data, bool mayReplace, bool acceptsDamage, CancellationToken cancellationToken)
    {
        var (payloads, keys) = SettingsReader.Bind(call.Settings, reader => (PayloadStore.Read(reader), PayloadStore.ReadKeys(reader)));
        var outcome = await new RestoreRun(folder, data, payloads?.Folder, keys, call.Show, call.Clock)
            .RunAsync(mayReplace, acceptsDamage, cancellationToken);
        call.Clear();
        var manifest = outcome.Manifest;
        if (call.Json is { } json)
        {
            await call.WriteAsync(json, new RestoreLine(
                folder, data, outcome.Payloads, outcome.Aside, manifest.CreatedAt, manifest.Schema, manifest.Database, manifest.Size,
                manifest.Payloads.Count));
        }
        else
        {
            await call.Output.WriteLineAsync(
                $"{data} has the backup of {BackupTimes.Text(manifest.CreatedAt)}: start a server with it. Tasks that ran at that time run "
                + "again, and so does everything that was submitted before and ended later.");
        }

        foreach (var problem in outcome.Problems) await call.Error.WriteLineAsync(problem);
        if (outcome.Problems.Count > 0) await call.SayAsync("Tasks that need these payloads fail: submit their items again.");
        if (outcome.Aside is { } aside) await call.SayAsync($"What was there before is in {aside}: remove it when you need it no more.");
        foreach (var setting in (IEnumerable<SettingDefinition>)
            [ServerSettings.QueueDatabasePath, GatewaySettings.ServicesDirectory, GatewaySettings.AdaptersDirectory])
        {
            if (call.Settings.Find(setting) is { } value)
                await call.SayAsync($"{value.Source} is {value.Text}, and a server reads that, not what was restored into {data}.");
        }

        if (manifest.Objects is { } objects && payloads?.Address?.ToString() != objects.Place)
            await call.SayAsync($"Photos of the queue are objects in {objects.Place}: start with PAYLOADS={objects.Place}");
        if (manifest.Database != BackupManifest.Sqlite) await SayAboutServerAsync(call, folder, outcome, payloads);
        return ExitCodes.Success;
    }

    private static async Task SayAboutServerAsync(BackupCall call, string folder, RestoreOutcome outcome, PayloadStore? payloads)
    {
        var manifest = outcome.Manifest;
        await call.SayAsync(manifest.Has(BackupManifest.DumpFile)
            ? DatabaseTools.Restore(Path.Combine(folder, manifest.Content, BackupManifest.DumpFile))
            : "The backup has no dump of the database: restore your own, made before the backup, before the server starts.");
        if (manifest.Payloads.Files > 0 && payloads?.Folder is null)
        {
            var shared = Path.GetDirectoryName(outcome.Payloads);
            await call.SayAsync($"The payload files are in {outcome.Payloads}: start with PAYLOADS=files:{shared}");
        }
    }

    private sealed record RestoreLine(
        string Folder, string Data, string Payloads, string? Replaced, DateTimeOffset CreatedAt, string Schema, string Database, long Size,
        long PayloadCount);
}

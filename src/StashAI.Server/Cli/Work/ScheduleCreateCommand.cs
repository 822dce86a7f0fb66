using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Work;

/// <summary>`schedule create`: what to submit, and when.</summary>
internal sealed class ScheduleCreateCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "A unique name." };
    private readonly Argument<string> service =
        new("SERVICE") { Description = "The service, or SERVICE.OPERATION; 'stashai services' lists them." };

    private readonly Option<string?> folder =
        Text("--folder", "DIR", "The files of this folder of the server, an item each, under its ALLOWED_FOLDERS.");

    private readonly Option<bool> changed =
        new("--changed") { Description = "Only files that are new or changed since they were submitted." };

    private readonly Option<string[]> types = new("--type")
    {
        HelpName = "ENDING",
        Description = "Only files with this ending, such as jpg; may come several times.",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<bool> flat = new("--flat") { Description = "Without the folders inside." };
    private readonly Option<string?> lines =
        Text("--lines", "FILE", "The lines of this file of the server, an item each, under its ALLOWED_FOLDERS.");

    private readonly Option<string?> body = Text("--body", "FILE", "The same body each time, from this file here.");

    private readonly ScheduleFlags flags = new();

    public static Command Create(RemoteGroup group)
    {
        var create = new ScheduleCreateCommand();
        return group.Create(
            "create", "Create a schedule: a job that repeats.", create.RunAsync,
            [
                create.name, create.service, create.folder, create.changed, create.types, create.flat, create.lines, create.body,
                .. create.flags.All,
            ],
            "stashai schedule create new-photos visage.identify --folder /photos --changed --cron \"0 3 * * *\"",
            "stashai schedule create prompts chat --lines /data/prompts.jsonl --cron @hourly --overlap queue");
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private async Task<int> RunAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var target = call.Value(service)!.Split('.', 2);
        var created = await call.Client.CreateScheduleAsync(
            new NewSchedule
            {
                Name = call.Value(name)!,
                Cron = flags.Cron(call) ?? throw new UsageException("--cron is needed, such as --cron \"0 3 * * *\" or --cron @daily."),
                TimeZone = flags.TimeZone(call),
                Overlap = flags.Overlap(call),
                Service = target[0],
                Operation = target.Length > 1 ? target[1] : null,
                Config = flags.Config(call),
                DeadlineSeconds = flags.DeadlineSeconds(call),
                Source = await SourceAsync(call, cancellationToken),
            },
            cancellationToken);
        await ScheduleCommands.WriteAsync(call, created);
        return ExitCodes.Success;
    }

    private async Task<JsonObject> SourceAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var (directory, file, fixedBody) = (call.Value(folder), call.Value(lines), call.Value(body));
        if ((directory is null ? 0 : 1) + (file is null ? 0 : 1) + (fixedBody is null ? 0 : 1) != 1)
            throw new UsageException("Give one of: --folder DIR, --lines FILE or --body FILE.");
        var endings = call.Value(types) ?? [];
        if (directory is not null)
            return ScheduleSource.Folder(directory, call.Value(changed), endings.Length > 0 ? endings : null, !call.Value(flat));
        if (call.Value(changed) || call.Value(flat) || endings.Length > 0)
            throw new UsageException("--changed, --type and --flat are for --folder.");
        if (file is not null) return ScheduleSource.Ndjson(file);
        try
        {
            var bytes = await RegularFile.ReadAllBytesAsync(fixedBody!, cancellationToken);
            return JsonNode.Parse(bytes) is JsonObject found
                ? ScheduleSource.Body(found)
                : throw new UsageException($"{fixedBody} must be a JSON object with items.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{fixedBody} cannot be read: {exception.Message}");
        }
    }
}

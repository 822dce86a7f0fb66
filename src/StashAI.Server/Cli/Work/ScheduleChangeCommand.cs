using System.CommandLine;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`schedule change`: another time, configuration, name or owner.</summary>
internal sealed class ScheduleChangeCommand
{
    private readonly Argument<string> schedule = ScheduleCommands.Schedule();
    private readonly Option<string?> name = new("--name") { HelpName = "NAME", Description = "Another unique name." };
    private readonly Option<bool> takeOver =
        new("--take-over") { Description = "Make your key the owner, with whose rights it submits." };

    private readonly ScheduleFlags flags = new();

    public static Command Create(RemoteGroup group)
    {
        var change = new ScheduleChangeCommand();
        return group.Create(
            "change", "Change when a schedule runs, its configuration, name or owner.", change.RunAsync,
            [change.schedule, change.name, change.takeOver, .. change.flags.All],
            "stashai schedule change new-photos --cron \"30 1 * * *\" --time-zone Europe/Berlin",
            "stashai schedule change new-photos --take-over");
    }

    private async Task<int> RunAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var change = new ScheduleChange
        {
            Name = call.Value(name),
            Cron = flags.Cron(call),
            TimeZone = flags.TimeZone(call),
            Overlap = flags.Overlap(call),
            Config = flags.Config(call),
            DeadlineSeconds = flags.DeadlineSeconds(call),
            TakeOver = call.Value(takeOver),
        };
        if (change == new ScheduleChange()) throw new UsageException("Give what is to change, such as --cron LINE or --take-over.");
        await ScheduleCommands.WriteAsync(call, await call.Client.ChangeScheduleAsync(call.Value(schedule)!, change, cancellationToken));
        return ExitCodes.Success;
    }
}

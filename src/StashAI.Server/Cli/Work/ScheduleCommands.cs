using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`schedules` and `schedule`: jobs that repeat.</summary>
internal static class ScheduleCommands
{
    private const int ShownRuns = 20;

    public static IEnumerable<Command> Create(RemoteGroup group)
    {
        yield return group.Create(
            "schedules", "List the schedules: jobs that repeat.", ListAsync, [],
            "stashai schedules", "stashai schedules --json=name,cron,next_run_at,last_run");

        var schedule = new Command("schedule", "Create, show, change, run, pause, resume or delete a schedule.");
        schedule.Subcommands.Add(ScheduleCreateCommand.Create(group));
        schedule.Subcommands.Add(Verb(group, "show", "Show a schedule.", ShowAsync));
        schedule.Subcommands.Add(ScheduleChangeCommand.Create(group));
        schedule.Subcommands.Add(Verb(group, "run", "Run a schedule now, also while it is paused.", RunAsync));
        schedule.Subcommands.Add(Verb(
            group, "pause", "Let a schedule no longer run by itself.",
            (call, name, stop) => PauseAsync(call, name, paused: true, stop)));
        schedule.Subcommands.Add(Verb(
            group, "resume", "Let a schedule run again, from its next moment on.",
            (call, name, stop) => PauseAsync(call, name, paused: false, stop)));
        schedule.Subcommands.Add(Verb(group, "delete", "Delete a schedule and its history; its jobs stay.", DeleteAsync));
        schedule.Subcommands.Add(Runs(group));
        yield return schedule;
    }

    /// <summary>Prints a schedule for people, or as JSON.</summary>
    public static async Task WriteAsync(RemoteCall call, Schedule schedule)
    {
        if (call.Json is { } json)
        {
            await json.WriteAsync(call.Output, schedule);
            return;
        }

        var lines = new Details(call.Output);
        await lines.AddAsync("schedule", schedule.Id.ToString());
        await lines.AddAsync("name", schedule.Name);
        await lines.AddAsync("when", $"{schedule.Cron} ({schedule.TimeZone})");
        await lines.AddAsync("service", Target(schedule));
        await lines.AddAsync("source", schedule.Source is { } source ? JsonLines.Text(source) : null);
        await lines.AddAsync("config", schedule.Config is { } config ? JsonLines.Text(config) : null);
        await lines.AddAsync(
            "deadline", schedule.DeadlineSeconds is { } seconds ? $"after {Words.Span(TimeSpan.FromSeconds(seconds))}" : null);
        await lines.AddAsync("overlap", Words.Of(schedule.Overlap));
        await lines.AddAsync("owner", schedule.Owner);
        await lines.AddAsync("next run", schedule.Paused ? "paused" : Words.At(schedule.NextRunAt));
        if (schedule.LastRun is { } last) await lines.AddAsync("last run", $"{Words.At(last.Moment)}: {Outcome(last)}");
    }

    private static Command Verb(
        RemoteGroup group, string name, string description, Func<RemoteCall, string, CancellationToken, Task> act)
    {
        var schedule = Schedule();
        return group.Create(
            name, description,
            async (call, cancellationToken) =>
            {
                await act(call, call.Value(schedule)!, cancellationToken);
                return ExitCodes.Success;
            },
            [schedule],
            $"stashai schedule {name} new-photos", $"stashai schedule {name} new-photos --json");
    }

    /// <summary>The schedule that a command is about.</summary>
    public static Argument<string> Schedule() => new("SCHEDULE") { Description = "The name of the schedule, or its id." };

    private static async Task<int> ListAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var table = new TextTable("SCHEDULE", "WHEN", "SERVICE", "NEXT", "LAST");
        await foreach (var schedule in call.Client.SchedulesAsync(cancellationToken))
        {
            if (call.Json is { } json)
            {
                await json.WriteAsync(call.Output, schedule);
                continue;
            }

            table.Add(
                schedule.Name, $"{schedule.Cron} {schedule.TimeZone}", Target(schedule),
                schedule.Paused ? "paused" : Words.At(schedule.NextRunAt), schedule.LastRun is { } last ? Outcome(last) : "");
        }

        if (call.Json is not null) return ExitCodes.Success;
        if (table.Count == 0) await call.SayAsync("No schedule.");
        else await table.WriteAsync(call.Output);
        return ExitCodes.Success;
    }

    private static async Task ShowAsync(RemoteCall call, string name, CancellationToken cancellationToken) =>
        await WriteAsync(call, await call.Client.ScheduleAsync(name, cancellationToken));

    private static async Task RunAsync(RemoteCall call, string name, CancellationToken cancellationToken)
    {
        var run = await call.Client.RunScheduleAsync(name, cancellationToken);
        if (call.Json is { } json)
        {
            await json.WriteAsync(call.Output, run);
            return;
        }

        await call.Output.WriteLineAsync($"{name}: {Outcome(run)}");
        if (run.State == ScheduleRunState.Waiting) await call.SayAsync($"'stashai schedule runs {name}' shows what becomes of it.");
    }

    private static async Task PauseAsync(RemoteCall call, string name, bool paused, CancellationToken cancellationToken)
    {
        var now = await call.Client.ChangeScheduleAsync(name, new ScheduleChange { Paused = paused }, cancellationToken);
        if (call.Json is { } json) await json.WriteAsync(call.Output, now);
        else await call.Output.WriteLineAsync($"{now.Name}: {(now.Paused ? "paused" : $"runs next {Words.At(now.NextRunAt)}")}");
    }

    private static async Task DeleteAsync(RemoteCall call, string name, CancellationToken cancellationToken)
    {
        var schedule = await call.Client.ScheduleAsync(name, cancellationToken);
        await call.Client.DeleteScheduleAsync(schedule.Id.ToString(), cancellationToken);
        // The server answers without a body.
        if (call.Json is { } json)
            await json.WriteAsync(call.Output, new JsonObject { ["id"] = schedule.Id.ToString(), ["deleted"] = true });
        else await call.Output.WriteLineAsync($"{schedule.Name}: The schedule is deleted.");
    }

    private static Command Runs(RemoteGroup group)
    {
        var schedule = Schedule();
        var limit =
            new Option<int>("--limit") { HelpName = "N", Description = "The most runs to show.", DefaultValueFactory = _ => ShownRuns };
        return group.Create(
            "runs", "List the runs of a schedule, newest first.",
            async (call, cancellationToken) =>
            {
                var table = new TextTable("MOMENT", "BY", "STATE", "ITEMS", "JOB", "REASON");
                await foreach (var run in call.Client.ScheduleRunsAsync(call.Value(schedule)!, cancellationToken).Take(call.Value(limit)))
                {
                    if (call.Json is { } json)
                    {
                        await json.WriteAsync(call.Output, run);
                        continue;
                    }

                    table.Add(
                        Words.At(run.Moment), run.Asked ? "a person" : "itself", Words.Of(run.State),
                        run.Items?.ToString(CultureInfo.InvariantCulture), run.JobId?.ToString(), run.Reason);
                }

                if (call.Json is not null) return ExitCodes.Success;
                if (table.Count == 0) await call.SayAsync("No run.");
                else await table.WriteAsync(call.Output);
                return ExitCodes.Success;
            },
            [schedule, limit],
            "stashai schedule runs new-photos", "stashai schedule runs new-photos --limit 100 --json=moment,state,items,reason");
    }

    private static string Target(Schedule schedule) =>
        schedule.Operation is { } operation ? $"{schedule.Service}.{operation}" : schedule.Service;

    private static string Outcome(ScheduleRun run) => run switch
    {
        { State: ScheduleRunState.Submitted, JobId: { } job } => $"submitted {run.Items} items as {job}",
        { Reason: { } reason } => $"{Words.Of(run.State)}: {reason}",
        _ => Words.Of(run.State),
    };
}

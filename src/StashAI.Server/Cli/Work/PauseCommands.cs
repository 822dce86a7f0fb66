using System.CommandLine;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`pause` and `resume`: jobs, all jobs of a filter, a service or the whole queue.</summary>
internal static class PauseCommands
{
    public static IEnumerable<Command> Create(RemoteGroup group) =>
    [
        Create(
            group, "pause", "Start no further task of jobs, of a service or of the whole queue; running tasks go on.", isPause: true),
        Create(group, "resume", "Let paused jobs, a service or the whole queue go on.", isPause: false),
    ];

    private static Command Create(RemoteGroup group, string name, string description, bool isPause)
    {
        var jobs = new Argument<string[]>("JOB") { Description = "The jobs.", Arity = ArgumentArity.ZeroOrMore };
        var filter = new JobFilterFlags("The service itself; with other filters, only jobs of this service.");
        var all = new Option<bool>("--all") { Description = "The whole queue." };
        var yes = ControlCommands.Yes();
        var end = new Option<string?>("--resume-at")
        {
            HelpName = "TIME",
            Description = "End the pause then: 07:00, 8h, 2030-01-31T07:00. Otherwise it lasts until `resume`.",
        };
        Option<string?>[] ends = isPause ? [end] : [];
        return group.Create(
            name, description,
            (call, cancellationToken) => RunAsync(
                call, call.Value(jobs)!, filter.Read(call), call.Value(all), call.Value(yes), isPause,
                isPause ? Words.Time(call.Value(end), end.Name, 1, call.Surroundings.Clock) : null, cancellationToken),
            [jobs, .. filter.All, all, .. ends, yes],
            $"stashai {name} 0199f0a2", isPause ? "stashai pause --all --resume-at 07:00" : "stashai resume --service visage");
    }

    private static async Task<int> RunAsync(
        RemoteCall call, string[] jobs, JobFilter? filter, bool all, bool isSure, bool isPause, DateTimeOffset? until,
        CancellationToken cancellationToken)
    {
        if ((jobs.Length > 0 ? 1 : 0) + (filter is null ? 0 : 1) + (all ? 1 : 0) != 1)
            throw new UsageException("Give one of: ids of jobs, --service NAME, filters such as --tag TAG, or --all for the whole queue.");
        var client = call.Client;
        if (all)
        {
            var answer = !isPause ? await client.ResumeQueueAsync(cancellationToken)
                : until is { } end ? await client.PauseQueueUntilAsync(end, cancellationToken)
                : await client.PauseQueueAsync(cancellationToken);
            await ControlCommands.ReportAsync(call, null, answer, answer.Message);
        }
        else if (filter is { Service: { } service } && filter with { Service = null } == new JobFilter { States = filter.States }
            && filter.States.Count == 0)
        {
            var answer = !isPause ? await client.ResumeServiceAsync(service, cancellationToken)
                : until is { } end ? await client.PauseServiceUntilAsync(service, end, cancellationToken)
                : await client.PauseServiceAsync(service, cancellationToken);
            await ControlCommands.ReportAsync(call, null, answer, answer.Message);
        }
        else if (filter is not null)
        {
            if (until is not null)
            {
                throw new UsageException(
                    "--resume-at takes ids of jobs, --service NAME alone, or --all; jobs of a filter wait for 'stashai resume'.");
            }

            var action = isPause ? BulkAction.Pause : BulkAction.Resume;
            return await BulkRun.RunAsync(call, action, BulkFilter.Of(filter), null, isSure, cancellationToken);
        }

        foreach (var id in await ControlCommands.FindAsync(call, jobs, takesTasks: false, cancellationToken))
        {
            var answer = !isPause ? await client.ResumeJobAsync(id, cancellationToken)
                : until is { } end ? await client.PauseJobUntilAsync(id, end, cancellationToken)
                : await client.PauseJobAsync(id, cancellationToken);
            await ControlCommands.ReportAsync(call, id, answer, answer.Message);
        }

        return ExitCodes.Success;
    }
}

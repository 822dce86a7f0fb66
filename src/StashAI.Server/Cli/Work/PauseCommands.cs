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
        return group.Create(
            name, description,
            (call, cancellationToken) => RunAsync(
                call, call.Value(jobs)!, filter.Read(call), call.Value(all), call.Value(yes), isPause, cancellationToken),
            [jobs, .. filter.All, all, yes],
            $"stashai {name} 0199f0a2", $"stashai {name} --service visage");
    }

    private static async Task<int> RunAsync(
        RemoteCall call, string[] jobs, JobFilter? filter, bool all, bool isSure, bool isPause, CancellationToken cancellationToken)
    {
        if ((jobs.Length > 0 ? 1 : 0) + (filter is null ? 0 : 1) + (all ? 1 : 0) != 1)
            throw new UsageException("Give one of: ids of jobs, --service NAME, filters such as --tag TAG, or --all for the whole queue.");
        var client = call.Client;
        if (all)
        {
            var answer = isPause ? await client.PauseQueueAsync(cancellationToken) : await client.ResumeQueueAsync(cancellationToken);
            await ControlCommands.ReportAsync(call, null, answer, answer.Message);
        }
        else if (filter is { Service: { } service } && filter with { Service = null } == new JobFilter { States = filter.States }
            && filter.States.Count == 0)
        {
            var answer = isPause ? await client.PauseServiceAsync(service, cancellationToken)
                : await client.ResumeServiceAsync(service, cancellationToken);
            await ControlCommands.ReportAsync(call, null, answer, answer.Message);
        }
        else if (filter is not null)
        {
            var action = isPause ? BulkAction.Pause : BulkAction.Resume;
            return await BulkRun.RunAsync(call, action, BulkFilter.Of(filter), null, isSure, cancellationToken);
        }

        foreach (var id in await ControlCommands.FindAsync(call, jobs, takesTasks: false, cancellationToken))
        {
            var answer = isPause ? await client.PauseJobAsync(id, cancellationToken) : await client.ResumeJobAsync(id, cancellationToken);
            await ControlCommands.ReportAsync(call, id, answer, answer.Message);
        }

        return ExitCodes.Success;
    }
}

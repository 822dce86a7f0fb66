using System.CommandLine;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`retry`, `cancel`, `pause` and `resume`.</summary>
internal static class ControlCommands
{
    public static IEnumerable<Command> Create(RemoteGroup group)
    {
        var ids = new Argument<string[]>("ID") { Description = "Jobs, or tasks as JOB/INDEX.", Arity = ArgumentArity.OneOrMore };
        var onlyFailed = new Option<bool>("--failed") { Description = "Leave cancelled tasks as they are." };
        yield return group.Create(
            "retry", "Run the failed and cancelled tasks of jobs again, or single tasks.",
            async (call, cancellationToken) =>
            {
                foreach (var id in await FindAsync(call, call.Value(ids)!, cancellationToken))
                {
                    var answer = await call.Client.RetryAsync(id, call.Value(onlyFailed), cancellationToken);
                    await ReportAsync(call, id, answer, answer.Message);
                }

                return ExitCodes.Success;
            },
            [ids, onlyFailed],
            "stashai retry 0199f0a2 --failed", "stashai retry 0199f0a2/3 0199f0a2/7");

        var cancelled = new Argument<string[]>("ID") { Description = "Jobs, or tasks as JOB/INDEX.", Arity = ArgumentArity.OneOrMore };
        yield return group.Create(
            "cancel", "Cancel jobs, or single tasks; what has ended stays.",
            async (call, cancellationToken) =>
            {
                foreach (var id in await FindAsync(call, call.Value(cancelled)!, cancellationToken))
                {
                    var answer = await call.Client.CancelAsync(id, cancellationToken);
                    await ReportAsync(call, id, answer, answer.Message);
                }

                return ExitCodes.Success;
            },
            [cancelled],
            "stashai cancel 0199f0a2", "stashai cancel 0199f0a2/3");

        yield return Pause(
            group, "pause", "Start no further task of jobs, of a service or of the whole queue; running tasks go on.", isPause: true);
        yield return Pause(group, "resume", "Let paused jobs, a service or the whole queue go on.", isPause: false);
    }

    private static Command Pause(RemoteGroup group, string name, string description, bool isPause)
    {
        var jobs = new Argument<string[]>("JOB") { Description = "The jobs.", Arity = ArgumentArity.ZeroOrMore };
        var service = new Option<string?>("--service") { HelpName = "NAME", Description = "The service." };
        var all = new Option<bool>("--all") { Description = "The whole queue." };
        return group.Create(
            name, description,
            (call, cancellationToken) =>
                PauseAsync(call, call.Value(jobs)!, call.Value(service), call.Value(all), isPause, cancellationToken),
            [jobs, service, all],
            $"stashai {name} 0199f0a2", $"stashai {name} --service visage");
    }

    private static async Task<int> PauseAsync(
        RemoteCall call, string[] jobs, string? service, bool all, bool isPause, CancellationToken cancellationToken)
    {
        if ((jobs.Length > 0 ? 1 : 0) + (service is null ? 0 : 1) + (all ? 1 : 0) != 1)
            throw new UsageException("Give one of: ids of jobs, --service NAME, or --all for the whole queue.");
        var client = call.Client;
        if (service is not null)
        {
            var answer = isPause ? await client.PauseServiceAsync(service, cancellationToken)
                : await client.ResumeServiceAsync(service, cancellationToken);
            await ReportAsync(call, null, answer, answer.Message);
        }

        if (all)
        {
            var answer = isPause ? await client.PauseQueueAsync(cancellationToken) : await client.ResumeQueueAsync(cancellationToken);
            await ReportAsync(call, null, answer, answer.Message);
        }

        foreach (var text in jobs)
        {
            var id = await client.FindJobIdAsync(text, cancellationToken);
            var answer = isPause ? await client.PauseJobAsync(id, cancellationToken) : await client.ResumeJobAsync(id, cancellationToken);
            await ReportAsync(call, id, answer, answer.Message);
        }

        return ExitCodes.Success;
    }

    /// <summary>Finds all of them before anything is done to the first.</summary>
    private static async Task<IReadOnlyList<Guid>> FindAsync(
        RemoteCall call, IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        foreach (var text in texts)
        {
            ids.Add(text.Contains('/', StringComparison.Ordinal)
                ? await call.Client.FindTaskIdAsync(text, cancellationToken)
                : await call.Client.FindJobIdAsync(text, cancellationToken));
        }

        return ids;
    }

    private static Task ReportAsync<T>(RemoteCall call, Guid? id, T answer, string message) => call.Json is { } json
        ? json.WriteAsync(call.Output, answer)
        : call.Output.WriteLineAsync(id is null ? message : $"{id}: {message}");
}

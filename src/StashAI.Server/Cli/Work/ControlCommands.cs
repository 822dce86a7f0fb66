using System.CommandLine;
using System.Text.Json.Nodes;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`retry`, `cancel`, `delete` and `priority`: act on the jobs that are named, or on all that match a filter.</summary>
internal static class ControlCommands
{
    public static IEnumerable<Command> Create(RemoteGroup group)
    {
        var onlyFailed = new Option<bool>("--failed") { Description = "Leave cancelled items as they are; with ids only." };
        yield return Verb(
            group, "retry", "Run the failed and cancelled items of jobs again, or single items.", BulkAction.Retry, takesTasks: true,
            async (call, id, cancellationToken) =>
            {
                var answer = await call.Client.RetryAsync(id, call.Value(onlyFailed), cancellationToken);
                await ReportAsync(call, id, answer, answer.Message);
            },
            [onlyFailed], "stashai retry 0199f0a2 --failed", "stashai retry --state failed --service visage --since 1d");
        yield return Verb(
            group, "cancel", "Cancel jobs, or single items; what has ended stays.", BulkAction.Cancel, takesTasks: true,
            async (call, id, cancellationToken) =>
            {
                var answer = await call.Client.CancelAsync(id, cancellationToken);
                await ReportAsync(call, id, answer, answer.Message);
            },
            [], "stashai cancel 0199f0a2 0199f0b7/3", "stashai cancel --tag holiday --yes");
        yield return Verb(
            group, "delete", "Delete jobs with their items and results; what runs is cancelled first.",
            BulkAction.Delete, takesTasks: false,
            async (call, id, cancellationToken) =>
            {
                await call.Client.DeleteJobAsync(id, cancellationToken);
                // The server answers without a body.
                if (call.Json is { } json)
                    await json.WriteAsync(call.Output, new JsonObject { ["id"] = id.ToString(), ["deleted"] = true });
                else await call.Output.WriteLineAsync($"{id}: The job is deleted.");
            },
            [], "stashai delete 0199f0a2", "stashai delete --state completed --until 30d --yes");

        var level = new Argument<string>("LEVEL") { Description = "0 to 9, low, normal or high; higher goes first." };
        yield return Verb(
            group, "priority", "Set the priority of jobs.", BulkAction.Priority, takesTasks: false,
            async (call, id, cancellationToken) =>
            {
                var priority = ConfigPairs.Priority(call.Value(level))!.Value;
                var job = await call.Client.ChangeJobAsync(id, new JobChange { Priority = priority }, cancellationToken);
                await ReportAsync(call, id, job, $"The priority is {job.Priority}.");
            },
            [level], "stashai priority high 0199f0a2", "stashai priority 2 --tag holiday --yes");
    }

    /// <summary>Finds all of them before anything is done to the first.</summary>
    public static async Task<IReadOnlyList<Guid>> FindAsync(
        RemoteCall call, IEnumerable<string> texts, bool takesTasks, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        foreach (var text in texts)
        {
            ids.Add(takesTasks && text.Contains('/', StringComparison.Ordinal)
                ? await call.Client.FindTaskIdAsync(text, cancellationToken)
                : await call.Client.FindJobIdAsync(text, cancellationToken));
        }

        return ids;
    }

    public static Task ReportAsync<T>(RemoteCall call, Guid? id, T answer, string message) => call.Json is { } json
        ? json.WriteAsync(call.Output, answer)
        : call.Output.WriteLineAsync(id is null ? message : $"{id}: {message}");

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask before many jobs are changed." };

    private static Command Verb(
        RemoteGroup group,
        string name,
        string description,
        BulkAction action,
        bool takesTasks,
        Func<RemoteCall, Guid, CancellationToken, Task> act,
        IReadOnlyList<Symbol> own,
        params IReadOnlyList<string> examples)
    {
        var ids = new Argument<string[]>(takesTasks ? "ID" : "JOB")
        {
            Description = takesTasks ? "Jobs, or items as JOB/INDEX." : "The jobs.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var filter = new JobFilterFlags();
        var all = new Option<bool>("--all") { Description = "All jobs, where no other filter is given." };
        var yes = Yes();
        return group.Create(
            name, description,
            async (call, cancellationToken) =>
            {
                var (texts, given) = (call.Value(ids)!, filter.Read(call));
                // The level is read before anything is asked.
                var priority = own.OfType<Argument<string>>().FirstOrDefault() is { } level
                    ? ConfigPairs.Priority(call.Value(level)) : null;
                if (own.OfType<Option<bool>>().Any(option => call.Value(option)) && texts.Length == 0)
                    throw new UsageException("--failed is for ids; a filter takes failed and cancelled items.");
                if ((texts.Length > 0 ? 1 : 0) + (given is null ? 0 : 1) + (call.Value(all) ? 1 : 0) != 1)
                    throw new UsageException("Give one of: ids of jobs, filters such as --state failed, or --all for every job.");
                if (texts.Length == 0)
                {
                    var many = BulkFilter.Of(given ?? new JobFilter()) with { All = given is null };
                    return await BulkRun.RunAsync(call, action, many, priority, call.Value(yes), cancellationToken);
                }

                foreach (var id in await FindAsync(call, texts, takesTasks, cancellationToken)) await act(call, id, cancellationToken);
                return ExitCodes.Success;
            },
            [.. own.OfType<Argument>(), ids, .. own.OfType<Option>(), .. filter.All, all, yes],
            examples);
    }
}

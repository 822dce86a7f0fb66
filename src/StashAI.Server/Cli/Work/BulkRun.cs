using System.Globalization;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>Acts on all jobs of a filter: counts them, asks, and follows the operation of the server to its end.</summary>
internal static class BulkRun
{
    /// <param name="call">The run of a command.</param>
    /// <param name="action">What is done with each job.</param>
    /// <param name="filter">Which jobs.</param>
    /// <param name="priority">For <see cref="BulkAction.Priority"/>.</param>
    /// <param name="isSure">True does not ask.</param>
    /// <param name="cancellationToken">Ends the wait; the operation goes on.</param>
    public static async Task<int> RunAsync(
        RemoteCall call, BulkAction action, BulkFilter filter, int? priority, bool isSure, CancellationToken cancellationToken)
    {
        if (!isSure)
        {
            var count = await call.Client.CountBulkAsync(action, filter, priority, cancellationToken);
            if (count.Matched == 0)
            {
                await call.SayAsync("No job matches.");
                return ExitCodes.Success;
            }

            var jobs = $"{(count.TotalIsExact ? "" : "at least ")}{Jobs(count.Matched)}";
            if (!await AskAsync(call, $"{Verb(action, priority)} {jobs}?", cancellationToken)) return ExitCodes.Failure;
        }

        return await FollowAsync(
            call, await call.Client.StartBulkAsync(action, filter, priority, cancellationToken), cancellationToken);
    }

    /// <summary>Shows an operation until it has ended, and returns the exit code.</summary>
    public static async Task<int> FollowAsync(RemoteCall call, BulkOperation operation, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var now in call.Client.WatchBulkAsync(operation.Id, cancellationToken))
            {
                operation = now;
                var ended = now.Done + now.Failed;
                var percent = now.Matched == 0 ? 0 : 100d * ended / now.Matched;
                call.Progress.Show(
                    [("bulk", $"{ProgressLines.Bar(percent)} of {Jobs(now.Matched)}: {Counts(now)}", (int)percent / 10)]);
            }
        }
        catch (OperationCanceledException)
        {
            call.Progress.Clear();
            await call.Error.WriteLineAsync(
                $"The server goes on: 'stashai bulk {operation.Id}' follows it, 'stashai bulk {operation.Id} --stop' stops it.");
            return ExitCodes.Interrupted;
        }

        call.Progress.Clear();
        await WriteAsync(call, operation);
        return operation is { Failed: 0, State: BulkState.Completed } ? ExitCodes.Success : ExitCodes.Failure;
    }

    public static Task WriteAsync(RemoteCall call, BulkOperation operation) => call.Json is { } json
        ? json.WriteAsync(call.Output, operation)
        : call.Output.WriteLineAsync($"{Words.Of(operation.Action)} {Words.Of(operation.State)}: {Counts(operation)}.{Reason(operation)}");

    /// <summary>Asks a question at the terminal.</summary>
    /// <exception cref="UsageException">There is no terminal.</exception>
    public static async Task<bool> AskAsync(RemoteCall call, string question, CancellationToken cancellationToken)
    {
        if (!call.Surroundings.IsInteractive)
            throw new UsageException($"{question} Nobody can be asked here; --yes does it without asking.");
        await call.Error.WriteAsync($"{question} [y/N] ");
        await call.Error.FlushAsync(cancellationToken);
        var answer = (await call.Surroundings.Input.ReadLineAsync(cancellationToken))?.Trim();
        if (answer?.ToUpperInvariant() is "Y" or "YES") return true;
        await call.Error.WriteLineAsync("Nothing was done.");
        return false;
    }

    public static string Counts(BulkOperation operation)
    {
        var failed = operation.Failed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {operation.Failed} failed");
        return $"{Jobs(operation.Done)} done{failed}";
    }

    private static string Reason(BulkOperation operation) => operation.Error is { } error ? $" The first error: {error}" : "";

    private static string Jobs(long count) => count == 1 ? "1 job" : string.Create(CultureInfo.InvariantCulture, $"{count} jobs");

    private static string Verb(BulkAction action, int? priority) => action switch
    {
        BulkAction.Retry => "Retry the failed and cancelled items of",
        BulkAction.Priority => $"Set priority {priority} for",
        BulkAction.Delete => "Delete, with items and results,",
        _ => char.ToUpperInvariant(Words.Of(action)[0]) + Words.Of(action)[1..],
    };
}

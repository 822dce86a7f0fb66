using System.CommandLine;
using System.Globalization;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`bulk`: operations on many jobs, which the server works through.</summary>
internal static class BulkCommand
{
    private const int MaxShown = 20;

    public static Command Create(RemoteGroup group)
    {
        var id = new Argument<Guid?>("ID") { Description = "The operation; all if none is given.", Arity = ArgumentArity.ZeroOrOne };
        var stop = new Option<bool>("--stop") { Description = "Stop it; what was done stays done." };
        return group.Create(
            "bulk", "List operations on many jobs, follow one or stop it.",
            (call, cancellationToken) => RunAsync(call, call.Value(id), call.Value(stop), cancellationToken),
            [id, stop],
            "stashai bulk", "stashai bulk 0199f0a2-7d1c-7c4e-9b1d-2a6f41000000 --stop");
    }

    private static async Task<int> RunAsync(RemoteCall call, Guid? id, bool isStop, CancellationToken cancellationToken)
    {
        if (id is null && isStop) throw new UsageException("--stop needs the id of the operation; 'stashai bulk' lists them.");
        if (id is { } given)
        {
            if (!isStop) return await BulkRun.FollowAsync(call, await call.Client.BulkAsync(given, cancellationToken), cancellationToken);
            await BulkRun.WriteAsync(call, await call.Client.StopBulkAsync(given, cancellationToken));
            return ExitCodes.Success;
        }

        var table = new TextTable("ID", "ACTION", "STATE", "MATCHED", "DONE", "FAILED", "ASKED", "BY");
        await foreach (var one in call.Client.BulkOperationsAsync(cancellationToken).Take(MaxShown))
        {
            if (call.Json is { } json)
            {
                await json.WriteAsync(call.Output, one);
                continue;
            }

            table.Add(
                one.Id.ToString(), Words.Of(one.Action), Words.Of(one.State), Text(one.Matched), Text(one.Done), Text(one.Failed),
                Words.Ago(one.CreatedAt, call.Surroundings.Clock), one.AskedBy);
        }

        if (call.Json is not null) return ExitCodes.Success;
        if (table.Count == 0) await call.SayAsync("No operation.");
        else await table.WriteAsync(call.Output);
        return ExitCodes.Success;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.CommandLine;
using System.Globalization;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`failures`: why items of a job failed, in groups of one reason each.</summary>
internal static class FailuresCommand
{
    public static Command Create(RemoteGroup group)
    {
        var job = new Argument<string>("JOB") { Description = "The id of the job, or its beginning." };
        var retry = new Option<string?>("--retry") { HelpName = "GROUP", Description = "Run the items of this group again." };
        var skip = new Option<string?>("--skip") { HelpName = "GROUP", Description = "Cancel the items of this group; their error stays." };
        return group.Create(
            "failures", "Show why items of a job failed, in groups of one reason each.",
            (call, cancellationToken) => RunAsync(call, call.Value(job)!, call.Value(retry), call.Value(skip), cancellationToken),
            [job, retry, skip],
            "stashai failures 0199f0a2", "stashai failures 0199f0a2 --retry ac77eee413736225");
    }

    private static async Task<int> RunAsync(
        RemoteCall call, string text, string? retry, string? skip, CancellationToken cancellationToken)
    {
        if (retry is not null && skip is not null) throw new UsageException("Give one of --retry and --skip.");
        var job = await call.Client.FindJobIdAsync(text, cancellationToken);
        if ((retry ?? skip) is { } group)
        {
            var answer = retry is null
                ? await call.Client.SkipFailuresAsync(job, group, cancellationToken)
                : await call.Client.RetryFailuresAsync(job, group, cancellationToken);
            if (call.Json is { } json) await json.WriteAsync(call.Output, answer);
            else await call.Output.WriteLineAsync($"{job}: {answer.Message}");
            return ExitCodes.Success;
        }

        var table = new TextTable("GROUP", "COUNT", "KIND", "STATUS", "EXAMPLE", "MESSAGE");
        foreach (var failure in await call.Client.FailuresAsync(job, cancellationToken))
        {
            if (call.Json is { } json)
            {
                await json.WriteAsync(call.Output, failure);
                continue;
            }

            table.Add(
                failure.Fingerprint ?? "-", failure.Count.ToString(CultureInfo.InvariantCulture), failure.ErrorKind,
                failure.HttpStatus?.ToString(CultureInfo.InvariantCulture) ?? "-",
                failure.Examples is [var first, ..] ? first.ToString() : "-", failure.Message);
        }

        if (call.Json is not null) return ExitCodes.Success;
        if (table.Count == 0) await call.SayAsync("No item failed.");
        else await table.WriteAsync(call.Output);
        return ExitCodes.Success;
    }
}

using System.CommandLine;
using System.Globalization;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`rematch`: judges the faces of an ended job again.</summary>
internal static class RematchCommand
{
    public static Command Create(RemoteGroup group)
    {
        var job = new Argument<string>("JOB") { Description = "The id of the job, or its beginning." };
        var threshold = new Option<double?>("--threshold")
        {
            HelpName = "NUMBER",
            Description = "The lowest confidence of a match, 0 to 1, instead of that of the job.",
        };
        return group.Create(
            "rematch", "Match the faces of an ended job with today's gallery, without running its photos again.",
            async (call, cancellationToken) =>
            {
                var id = await call.Client.FindJobIdAsync(call.Value(job)!, cancellationToken);
                var begun = await call.Client.RematchAsync(id, call.Value(threshold), cancellationToken);
                return await FollowAsync(call, begun, cancellationToken);
            },
            [job, threshold],
            "stashai rematch 0199f0a2", "stashai rematch 0199f0a2 --threshold 0.8");
    }

    private static async Task<int> FollowAsync(RemoteCall call, Rematch rematch, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var now in call.Client.WatchRematchAsync(rematch.JobId, cancellationToken))
            {
                rematch = now;
                var percent = now.Total == 0 ? 100 : 100d * now.Done / now.Total;
                call.Progress.Show([("rematch", $"{ProgressLines.Bar(percent)} {Counts(now)}", (int)percent / 10)]);
            }
        }
        catch (OperationCanceledException)
        {
            call.Progress.Clear();
            await call.Error.WriteLineAsync($"The server goes on: 'stashai bulk {rematch.Bulk} --stop' stops it.");
            return ExitCodes.Interrupted;
        }

        call.Progress.Clear();
        if (call.Json is { } json) await json.WriteAsync(call.Output, rematch);
        else await call.Output.WriteLineAsync($"rematch {Words.Of(rematch.State)}: {Counts(rematch)}.{Reason(rematch)}");
        return rematch.State == RematchState.Completed ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static string Counts(Rematch rematch) => string.Create(
        CultureInfo.InvariantCulture,
        $"{rematch.Judged} of {rematch.Total} results judged again, {rematch.Changed} with other people");

    private static string Reason(Rematch rematch) => rematch.Error is { } error ? $" {error}" : "";
}

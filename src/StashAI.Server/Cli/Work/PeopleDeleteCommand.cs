using System.CommandLine;
using System.Globalization;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`people delete`: removes a person from the gallery and from everything that is stored.</summary>
internal static class PeopleDeleteCommand
{
    public static Command Create(RemoteGroup group, Argument<string> who)
    {
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until the results of all jobs are done." };
        return group.Create(
            "delete", "Delete a person, and remove faces, embeddings and names from the results of all jobs.",
            async (call, cancellationToken) =>
            {
                // By id it can be repeated when the person is gone.
                var text = call.Value(who)!;
                var id = Guid.TryParse(text, out var known) ? known : (await PeopleCommands.GetAsync(call, text, cancellationToken)).Id;
                var begun = await call.Client.DeletePersonAsync(id, cancellationToken);
                if (!call.Value(noWait)) return await FollowAsync(call, begun, cancellationToken);
                await WriteAsync(call, begun);
                return ExitCodes.Success;
            },
            [who, noWait],
            "stashai people delete Ann", "stashai people delete 0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b --json");
    }

    private static async Task<int> FollowAsync(RemoteCall call, Erasure erasure, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var now in call.Client.WatchErasureAsync(erasure.Id, cancellationToken))
            {
                erasure = now;
                // It may wait for hours; the server does not need this program for it.
                if (now.Reason is not null) break;
                var percent = now.JobsTotal == 0 ? 0 : 100d * now.JobsDone / now.JobsTotal;
                call.Progress.Show([("erasure", $"{ProgressLines.Bar(percent)} {Counts(now)}", (int)percent / 10)]);
            }
        }
        catch (OperationCanceledException)
        {
            call.Progress.Clear();
            await call.Error.WriteLineAsync(
                $"The server goes on with the erasure {erasure.Id}; the same command with the person's id shows it.");
            return ExitCodes.Interrupted;
        }

        call.Progress.Clear();
        await WriteAsync(call, erasure);
        return erasure.IsOver ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static async Task WriteAsync(RemoteCall call, Erasure erasure)
    {
        if (call.Json is { } json) await json.WriteAsync(call.Output, erasure);
        else if (erasure.IsOver) await call.Output.WriteLineAsync($"Nothing names the person any more: {Counts(erasure)}.");
        else if (erasure.Reason is { } reason)
            await call.Output.WriteLineAsync($"The person is still in the gallery. The server tries again until it succeeds: {reason}");
        else await call.Output.WriteLineAsync($"The person is deleted in the gallery. The server removes the rest: {Counts(erasure)}.");
    }

    private static string Counts(Erasure erasure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{erasure.JobsDone} of {erasure.JobsTotal} jobs are done, {erasure.ResultsChanged} results changed");
}

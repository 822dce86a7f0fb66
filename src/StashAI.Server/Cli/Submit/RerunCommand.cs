using System.CommandLine;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Cli.Work;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Submit;

/// <summary>`rerun`: the items of a job as a new job.</summary>
internal static class RerunCommand
{
    public static Command Create(RemoteGroup group)
    {
        var job = new Argument<string>("JOB") { Description = "The id of the job, or its beginning." };
        var failed = new Option<bool>("--failed") { Description = "Only the items that failed." };
        var all = new Option<bool>("--all") { Description = "All items, as without a flag." };
        var config = new Option<string[]>("--config")
        {
            HelpName = "KEY=VALUE",
            Description = "Another value for a setting of the service; may come several times.",
            AllowMultipleArgumentsPerToken = false,
        };
        var name = new Option<string?>("--name") { HelpName = "TEXT", Description = "What the new job is called." };
        var wait = new Option<bool>("--wait") { Description = "Wait until the new job has ended; exit code 5 if an item has no result." };
        var timeout = WatchCommand.Timeout();
        return group.Create(
            "rerun", "Make a new job of the items of another, for instance with another setting.",
            async (call, cancellationToken) =>
            {
                if (call.Value(failed) && call.Value(all)) throw new UsageException("Give one of --failed and --all.");
                var rerun = new JobRerun
                {
                    OnlyFailed = call.Value(failed),
                    Config = call.Value(config) is { Length: > 0 } pairs ? ConfigPairs.Read(pairs) : null,
                    Name = call.Value(name),
                };
                // Refused before a job is made.
                _ = WatchCommand.LimitOf(call.Value(timeout));
                var source = await call.Client.FindJobIdAsync(call.Value(job)!, cancellationToken);
                var submission = await call.Client.RerunAsync(source, rerun, cancellationToken);
                if (call.Json is { } json) await json.WriteAsync(call.Output, submission);
                else await call.Output.WriteLineAsync(submission.JobId.ToString());
                if (call.Value(wait))
                {
                    return await WatchCommand.WaitAsync(
                        call, [submission.JobId], call.Value(timeout),
                        progress => call.SayAsync(JobText.Line(progress, progress.JobId.ToString())), cancellationToken);
                }

                var queued = submission.TotalTasks == 1 ? "1 item is" : $"{submission.TotalTasks} items are";
                await call.SayAsync($"{queued} queued. 'stashai watch {submission.JobId}' follows the job.");
                return ExitCodes.Success;
            },
            [job, failed, all, config, name, wait, timeout],
            "stashai rerun 0199f0a2 --failed", "stashai rerun 0199f0a2 --all --config threshold=0.6 --wait");
    }
}

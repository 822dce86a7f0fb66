using System.CommandLine;
using System.Globalization;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`jobs` and `job`: what there is, and one of it.</summary>
internal static class JobCommands
{
    private const int UsualLimit = 20;

    public static IEnumerable<Command> Create(RemoteGroup group)
    {
        var state =
            new Option<string?>("--state")
            {
                HelpName = "STATE,...",
                Description = "Only jobs in these states: pending, running, completed, partial, failed, cancelled."
            };
        var service = new Option<string?>("--service") { HelpName = "NAME", Description = "Only jobs of this service." };
        var name = new Option<string?>("--name") { HelpName = "TEXT", Description = "Only jobs whose name contains this." };
        var since =
            new Option<string?>("--since") { HelpName = "TIME", Description = "Only jobs submitted since then: 2h, 22:00, 2030-01-31." };
        var limit =
            new Option<int>("--limit")
            {
                HelpName = "N",
                Description = "The most jobs to show; 0 for all.",
                DefaultValueFactory = _ => UsualLimit,
            };
        yield return group.Create(
            "jobs", "List the jobs, newest first.",
            (call, cancellationToken) => ListAsync(call, QueryOf(call, state, service, name, since), call.Value(limit), cancellationToken),
            [state, service, name, since, limit],
            "stashai jobs --state running,pending", "stashai jobs --service visage --since 2h --json=job_id,failed_tasks");

        var id = new Argument<string>("JOB") { Description = "The id of the job, or its beginning." };
        yield return group.Create(
            "job", "Show one job: how far it is, what failed and what it waits for.",
            (call, cancellationToken) => ShowAsync(call, call.Value(id)!, cancellationToken),
            [id],
            "stashai job 0199f0a2", "stashai job 0199f0a2 --json");
    }

    private static JobQuery QueryOf(
        RemoteCall call, Option<string?> state, Option<string?> service, Option<string?> name, Option<string?> since) => new()
        {
            States = Words.States<JobState>(call.Value(state), state.Name),
            Service = call.Value(service),
            Name = call.Value(name),
            CreatedAfter = Words.Time(call.Value(since), since.Name, -1, call.Surroundings.Clock),
        };

    private static async Task<int> ListAsync(RemoteCall call, JobQuery query, int limit, CancellationToken cancellationToken)
    {
        if (limit < 0) throw new UsageException($"--limit must be 0 or more, not '{limit}'.");
        var jobs = new List<Job>();
        var hasMore = false;
        var found = call.Client.JobsAsync(query with { PageSize = limit is > 0 and < 1000 ? limit + 1 : 1000 }, cancellationToken);
        await foreach (var job in found)
        {
            if (limit > 0 && jobs.Count == limit)
            {
                hasMore = true;
                break;
            }

            if (call.Json is { } json && limit == 0) await json.WriteAsync(call.Output, job);
            else jobs.Add(job);
        }

        if (call.Json is { } lines)
        {
            foreach (var job in jobs) await lines.WriteAsync(call.Output, job);
            return ExitCodes.Success;
        }

        await WriteAsync(call, jobs);
        if (jobs.Count == 0) await call.SayAsync("No job.");
        if (hasMore) await call.SayAsync($"There are more; --limit {limit * 10} shows more of them.");
        return ExitCodes.Success;
    }

    private static async Task WriteAsync(RemoteCall call, List<Job> jobs)
    {
        if (jobs.Count == 0) return;
        var shorten = Words.Shorten([.. jobs.Select(job => job.JobId)]);
        var table = new TextTable("JOB", "STATE", "SERVICE", "ITEMS", "DONE", "FAILED", "SUBMITTED", "NAME");
        foreach (var job in jobs)
        {
            table.Add(
                shorten(job.JobId), StateOf(job), job.Service, Text(job.TotalTasks), Text(job.CompletedTasks), Text(job.FailedTasks),
                Words.Ago(job.CreatedAt, call.Surroundings.Clock), job.JobName);
        }

        await table.WriteAsync(call.Output);
    }

    private static async Task<int> ShowAsync(RemoteCall call, string id, CancellationToken cancellationToken)
    {
        var job = await call.Client.JobAsync(await call.Client.FindJobIdAsync(id, cancellationToken), cancellationToken);
        if (call.Json is { } json)
        {
            await json.WriteAsync(call.Output, job);
            return ExitCodes.Success;
        }

        var lines = new Details(call.Output);
        await lines.AddAsync("job", job.JobId.ToString());
        await lines.AddAsync("name", job.JobName);
        await lines.AddAsync("service", $"{job.Service} ({job.JobType})");
        await lines.AddAsync("state", StateOf(job));
        await lines.AddAsync("progress", $"{ProgressLines.Bar(job.ProcessedPercentage)} of {job.TotalTasks}: {JobText.Counts(job)}");
        if (job.EtaSeconds is { } seconds) await lines.AddAsync("left", $"about {Words.Span(TimeSpan.FromSeconds(seconds))}");
        if (job.EstimatedCost is { } cost) await lines.AddAsync("cost", cost.ToString("0.######", CultureInfo.InvariantCulture));
        await lines.AddAsync("priority", Text(job.Priority));
        await lines.AddAsync("submitted", Words.At(job.CreatedAt));
        await lines.AddAsync("starts", Words.At(job.ScheduledFor));
        await lines.AddAsync("deadline", Words.At(job.DeadlineAt));
        await lines.AddAsync("ended", Words.At(job.CompletedAt));
        if (job.Waiting is { } waiting)
        {
            await lines.AddAsync("waits for", $"{waiting.Address}: {waiting.ErrorMessage}");
            await lines.AddAsync("called again", Words.At(waiting.NextTryAt));
        }

        foreach (var error in job.ErrorSummary ?? []) await lines.AddAsync("failed", $"{error.Count} x {error.ErrorKind}: {error.Example}");
        return ExitCodes.Success;
    }

    private static string StateOf(Job job) => job.Paused ? $"{Words.Of(job.State)}, paused" : Words.Of(job.State);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

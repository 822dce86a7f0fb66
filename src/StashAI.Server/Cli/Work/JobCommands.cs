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

    /// <summary>How many groups of failures are shown with the job.</summary>
    private const int ShownGroups = 10;

    public static IEnumerable<Command> Create(RemoteGroup group)
    {
        var filter = new JobFilterFlags();
        var sort = new Option<string?>("--sort")
        {
            HelpName = "ORDER",
            Description = "created: the newest first (default); oldest; failed: the most failures first; priority: open jobs, urgent ones "
                + "first; progress: running jobs, the furthest first; name.",
        };
        var limit =
            new Option<int>("--limit")
            {
                HelpName = "N",
                Description = "The most jobs to show; 0 for all.",
                DefaultValueFactory = _ => UsualLimit,
            };
        var web = WebPages.Flag();
        yield return group.Create(
            "jobs", "List the jobs, newest first.",
            (call, cancellationToken) =>
            {
                var jobs = filter.Read(call) ?? new JobFilter();
                var order = OrderOf(call.Value(sort));
                if (!call.Value(web)) return ListAsync(call, jobs, order, call.Value(limit), cancellationToken);
                var query = jobs.ToQueryString();
                return WebPages.OpenAsync(
                    call, WebPages.WithQuery("dashboard/jobs", query), WebPages.WithQuery("api/jobs", query), cancellationToken);
            },
            [.. filter.All, sort, limit, web],
            "stashai jobs --state running,pending", "stashai jobs --service visage --since 2h --json=id,tasks");

        var id = new Argument<string>("JOB") { Description = "The id of the job, or its beginning." };
        var timeline = new Option<bool>("--timeline") { Description = "Also show pauses and outages, and how many tasks ended over time." };
        yield return group.Create(
            "job", "Show one job: how far it is, what failed and what it waits for.",
            async (call, cancellationToken) =>
            {
                var found = await call.Client.FindJobIdAsync(call.Value(id)!, cancellationToken);
                return call.Value(web)
                    ? await WebPages.OpenAsync(call, $"dashboard/jobs/{found}", $"api/jobs/{found}", cancellationToken)
                    : await ShowAsync(call, found, call.Value(timeline), cancellationToken);
            },
            [id, timeline, web],
            "stashai job 0199f0a2", "stashai job 0199f0a2 --timeline");
    }

    private static JobOrder OrderOf(string? text) => text?.TrimStart('-') switch
    {
        null or "created" => JobOrder.Newest,
        "failed" => JobOrder.MostFailed,
        "priority" => JobOrder.MostUrgent,
        "oldest" => JobOrder.Oldest,
        "progress" => JobOrder.Furthest,
        "name" => JobOrder.ByName,
        _ => throw new UsageException($"--sort must be created, oldest, failed, priority, progress or name, not '{text}'."),
    };

    private static async Task<int> ListAsync(
        RemoteCall call, JobFilter filter, JobOrder order, int limit, CancellationToken cancellationToken)
    {
        if (limit < 0) throw new UsageException($"--limit must be 0 or more, not '{limit}'.");
        var jobs = new List<Job>();
        var (count, hasMore) = (0, false);
        var query = JobQuery.Of(filter) with { Order = order, PageSize = limit is > 0 and < 1000 ? limit + 1 : 1000 };
        await foreach (var job in call.Client.JobsAsync(query, cancellationToken))
        {
            if (limit > 0 && count == limit)
            {
                hasMore = true;
                break;
            }

            count++;
            if (call.Json is { } json) await json.WriteAsync(call.Output, job);
            else jobs.Add(job);
        }

        await WriteAsync(call, jobs);
        if (count == 0) await call.SayAsync("No job.");
        if (hasMore) await call.SayAsync(await MoreAsync(call, filter, order, limit, cancellationToken));
        return ExitCodes.Success;
    }

    private static async Task<string> MoreAsync(
        RemoteCall call, JobFilter filter, JobOrder order, int limit, CancellationToken cancellationToken)
    {
        if (order != JobOrder.Newest) return $"There are more; --limit {limit * 10} shows more of them, --limit 0 all.";
        var (count, isExact) = await call.Client.CountJobsAsync(filter, cancellationToken);
        return $"{limit} of {(isExact ? "" : "at least ")}{count} jobs; --limit {limit * 10} shows more of them, --limit 0 all.";
    }

    private static async Task WriteAsync(RemoteCall call, List<Job> jobs)
    {
        if (jobs.Count == 0) return;
        var shorten = Words.Shorten([.. jobs.Select(job => job.Id)]);
        var table = new TextTable("JOB", "STATE", "SERVICE", "ITEMS", "DONE", "FAILED", "SUBMITTED", "NAME");
        foreach (var job in jobs)
        {
            table.Add(
                shorten(job.Id), StateOf(job, call), job.Service, Text(job.Tasks.Total), Text(job.Tasks.Completed), Text(job.Tasks.Failed),
                Words.Ago(job.CreatedAt, call.Surroundings.Clock), job.Name);
        }

        await table.WriteAsync(call.Output);
    }

    private static async Task<int> ShowAsync(RemoteCall call, Guid id, bool withTimeline, CancellationToken cancellationToken)
    {
        var job = await call.Client.JobAsync(id, cancellationToken);
        if (call.Json is { } json)
        {
            if (withTimeline) await json.WriteAsync(call.Output, await call.Client.TimelineAsync(job.Id, cancellationToken));
            else await json.WriteAsync(call.Output, job);
            return ExitCodes.Success;
        }

        var groups = job.Tasks.Failed == 0 ? [] : await call.Client.FailuresAsync(job.Id, cancellationToken);
        var lines = new Details(call.Output);
        await lines.AddAsync("job", job.Id.ToString());
        await lines.AddAsync("name", job.Name);
        await lines.AddAsync("tags", string.Join(", ", job.Tags));
        await lines.AddAsync("owner", job.Owner);
        await lines.AddAsync("service", $"{job.Service}.{job.Operation}");
        await lines.AddAsync("state", StateOf(job, call));
        await lines.AddAsync(
            "progress", $"{ProgressLines.Bar(job.ProcessedPercentage)} of {job.Tasks.Total}: {JobText.Counts(job.Progress)}");
        if (job.EtaSeconds is { } seconds) await lines.AddAsync("left", $"about {Words.Span(TimeSpan.FromSeconds(seconds))}");
        if (job.TasksAhead is > 0 and var ahead) await lines.AddAsync("ahead of it", $"{ahead} tasks of other jobs");
        if (CostOf(job) is { } cost) await lines.AddAsync("cost", cost);
        await lines.AddAsync("priority", Text(job.Priority));
        await lines.AddAsync("runs again", job.SourceJob?.ToString());
        await lines.AddAsync("submitted", Words.At(job.CreatedAt));
        await lines.AddAsync("starts", Words.At(job.StartAt));
        await lines.AddAsync("deadline", Words.At(job.DeadlineAt));
        await lines.AddAsync("ended", Words.At(job.FinishedAt));
        if (job.Waiting is { } waiting)
        {
            await lines.AddAsync(
                "waits for", waiting.ErrorKind is null ? waiting.ErrorMessage : $"{waiting.Address}: {waiting.ErrorMessage}");
            await lines.AddAsync(waiting.ErrorKind is null ? "goes on" : "called again", Words.At(waiting.NextTryAt));
        }

        foreach (var group in groups.Take(ShownGroups))
            await lines.AddAsync("failed", $"{group.Count} x {group.ErrorKind}: {group.Message}");
        if (groups.Count > ShownGroups) await lines.AddAsync("", $"and {groups.Count - ShownGroups} more reasons");
        if (withTimeline) await TimelineText.WriteAsync(lines, await call.Client.TimelineAsync(job.Id, cancellationToken));
        if (groups.Count > 0)
        {
            await call.SayAsync(
                $"'stashai failures {job.Id}' shows the reasons with their items, 'stashai retry {job.Id} --failed' runs them again.");
        }

        return ExitCodes.Success;
    }

    /// <summary>A job that starts later is pending for the server and scheduled for people.</summary>
    private static string StateOf(Job job, RemoteCall call)
    {
        var isLater = job.State == JobState.Pending && job.StartAt > call.Surroundings.Clock.GetUtcNow();
        var word = Words.Of(isLater ? JobState.Scheduled : job.State);
        return job.Paused ? $"{word}, paused" : word;
    }

    /// <summary>What a job has cost so far, or what it is expected to cost; null where neither is known.</summary>
    private static string? CostOf(Job job) => job switch
    {
        { Cost: { } cost } => cost.ToString(CultureInfo.InvariantCulture),
        { EstimatedCost: { } estimate } => $"about {estimate.ToString("0.######", CultureInfo.InvariantCulture)}",
        _ => null,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

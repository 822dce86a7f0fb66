using System.Text.Json;

namespace StashAI.Bench.Soak;

/// <summary>
/// Compares three accounts of a run: what clients were promised, what the service was asked, and what the gateways say now.
/// </summary>
internal sealed class Verdict(SoakCluster cluster, SoakClient client, FaultyService service, Chaos chaos)
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1.5);

    private readonly List<string> faults = [];
    private readonly SortedDictionary<string, int> counts = [];
    private ILookup<string, ServiceCall> calls = Array.Empty<ServiceCall>().ToLookup(call => call.Item);

    /// <summary>Prints the figures; false when a promise was broken.</summary>
    public async Task<bool> GiveAsync(CancellationToken cancellationToken)
    {
        calls = service.Calls.ToLookup(call => call.Item);
        var jobs = client.Jobs.ToList();
        foreach (var name in (string[])["lost", "finalized twice", "wrong result", "wrong counters", "called after its end",
            "two live calls", "past its limit", "altered photo", "files left behind"])
        {
            counts[name] = 0;
        }

        foreach (var job in jobs.Where(job => job is { Id: not null, WasRemoved: false })) await CheckAsync(job, cancellationToken);
        Count("jobs removed by their clients", jobs.Count(job => job.WasRemoved));
        foreach (var call in service.Calls.Where(call => call.IsAltered))
            Fault("altered photo", $"{call.Item} at {call.Start:HH:mm:ss.fff}");
        await CheckUnacknowledgedAsync(jobs, cancellationToken);
        foreach (var job in jobs) CheckCalls(job);
        try
        {
            cluster.CheckInvariants();
        }
        catch (InvalidOperationException exception)
        {
            faults.Add($"the database: {exception.Message}");
        }

        await CheckRoomAsync(cancellationToken);
        Print(jobs);
        return faults.Count == 0 && chaos.OwnEnds == 0;
    }

    /// <summary>When all jobs are removed, no photo is left on the disk: neither theirs nor one of an upload that broke.</summary>
    private async Task CheckRoomAsync(CancellationToken cancellationToken)
    {
        Count("files of photos at the end", cluster.PhotoFiles.Count);
        await client.RemoveAllAsync(cancellationToken);
        for (var wait = 0; wait < 90 && cluster.PhotoFiles.Count > 0; wait++) await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        foreach (var file in cluster.PhotoFiles) Fault("files left behind", file);
    }

    private async Task CheckAsync(SubmittedJob job, CancellationToken cancellationToken)
    {
        var detail = await client.ReadAsync($"/api/queue/job/{job.Id}?inputs=none", cancellationToken);
        var tasks = detail.GetProperty("tasks").EnumerateArray().ToList();
        if (tasks.Count != job.Items) Fault("lost", $"{job.Name} has {tasks.Count} tasks of {job.Items}");
        if (!SoakClient.IsOver(detail)) Fault("lost", $"{job.Name} is not over: {SoakClient.EndOf(detail)}");
        if (job.End is { } end && end != SoakClient.EndOf(detail))
        {
            Fault("finalized twice", $"{job.Name} changed after its end: {end}, then {SoakClient.EndOf(detail)}");
        }

        var seen = new Dictionary<string, int>();
        for (var i = 0; i < tasks.Count; i++)
        {
            var status = CheckTask(job, i, tasks[i]);
            seen[status] = seen.GetValueOrDefault(status) + 1;
        }

        if (seen.GetValueOrDefault("finished") != detail.GetProperty("completed_tasks").GetInt32()
            || seen.GetValueOrDefault("failed") != detail.GetProperty("failed_tasks").GetInt32()
            || seen.GetValueOrDefault("cancelled") != detail.GetProperty("cancelled_tasks").GetInt32())
        {
            Fault("wrong counters", $"{job.Name}: {SoakClient.EndOf(detail)} but {string.Join(", ", seen)}");
        }
    }

    private string CheckTask(SubmittedJob job, int ordinal, JsonElement task)
    {
        var item = job.Item(ordinal);
        var status = task.GetProperty("status").GetString()!;
        Count($"tasks {status}");
        switch (status)
        {
            case "finished":
                if (task.GetProperty("output_json").GetProperty("item").GetString() != item)
                {
                    Fault("wrong result", $"{item}: {task.GetProperty("output_json")}");
                }

                if (!calls[item].Any(call => call.Answer == 200))
                {
                    Fault("wrong result", $"{item} is finished but the service never answered it");
                }

                break;
            case "failed" when FaultyService.IsRefused(ordinal):
                break;
            case "failed" when task.GetProperty("error_message").GetString()!
                .StartsWith("The process that ran it was lost", StringComparison.Ordinal):
                // Three kills met it: the guard against tasks that kill their process cannot know that it was us.
                Count("tasks that three kills met");
                break;
            case "failed":
                // Four attempts may all meet a fault; otherwise a failure is ours.
                var failures = calls[item].Count(call => call.Answer is 0 or 500 or 503);
                if (failures < 4)
                {
                    Fault("wrong result", $"{item} failed after {failures} faults of the service: {task.GetProperty("error_message")}");
                }

                Count("tasks that met four faults");
                break;
            case "cancelled" when job.WasCancelled:
                break;
            case "cancelled":
                Fault("wrong result", $"{item} was cancelled by nobody");
                break;
            default:
                Fault("lost", $"{item} is {status}");
                break;
        }

        if (task.TryGetProperty("finished_at", out var finished) && finished.ValueKind == JsonValueKind.String)
        {
            var end = finished.GetDateTimeOffset().AddMilliseconds(20);
            foreach (var call in calls[item].Where(call => call.Start > end))
            {
                Fault(
                    "called after its end",
                    $"{item} ended at {end:HH:mm:ss.fff} and was called at "
                    + $"{call.Start:HH:mm:ss.fff}{(IsDisturbed(call.Start) ? " (something was frozen or dead)" : "")}");
            }
        }

        return status;
    }

    private async Task CheckUnacknowledgedAsync(List<SubmittedJob> jobs, CancellationToken cancellationToken)
    {
        foreach (var job in jobs.Where(job => job.AnsweredItems is not null))
        {
            Count("jobs answered at once without the database");
            if (job.AnsweredItems != job.Items) Fault("lost", $"{job.Name} was answered with {job.AnsweredItems} results of {job.Items}");
        }

        var unknown = jobs.Where(job => job.Id is null && job.AnsweredItems is null).ToDictionary(job => job.Name);
        Count("submits without an answer", unknown.Count);
        for (var offset = 0; unknown.Count > 0; offset += 200)
        {
            var page = (await client.ReadAsync($"/api/queue/jobs?limit=200&offset={offset}", cancellationToken)).GetProperty("jobs");
            if (page.GetArrayLength() == 0) return;
            foreach (var found in page.EnumerateArray())
            {
                if (!unknown.Remove(found.GetProperty("job_name").GetString() ?? "", out var job)) continue;
                Count("of these the job is there");
                if (found.GetProperty("total_tasks").GetInt32() != job.Items) Fault("lost", $"{job.Name} is there in part");
            }
        }
    }

    private void CheckCalls(SubmittedJob job)
    {
        var open = new List<ServiceCall>();
        foreach (var call in Enumerable.Range(0, job.Items).SelectMany(i => calls[job.Item(i)]).OrderBy(call => call.Start))
        {
            open.RemoveAll(other => other.End <= call.Start);
            if (!IsDisturbed(call.Start))
            {
                if (open.Any(other => other.Item == call.Item)) Fault("two live calls", $"{call.Item} at {call.Start:HH:mm:ss.fff}");
                if (open.Count >= job.MaxParallel)
                {
                    Fault("past its limit", $"{job.Name}: {open.Count + 1} calls at {call.Start:HH:mm:ss.fff}, limit {job.MaxParallel}");
                }
            }

            open.Add(call);
        }

        Count(
            "tasks that were answered more than once",
            Enumerable.Range(0, job.Items).Count(i => calls[job.Item(i)].Count(call => call.Answer == 200) > 1));
    }

    private bool IsDisturbed(DateTimeOffset time) => chaos.Disturbances.Any(trouble => time >= trouble.From && time <= trouble.To + Slack);

    private void Count(string name, int count = 1) => counts[name] = counts.GetValueOrDefault(name) + count;

    private void Fault(string name, string text)
    {
        Count(name);
        faults.Add($"{name}: {text}");
    }

    private void Print(List<SubmittedJob> jobs)
    {
        Console.WriteLine(
            $"\nkills {chaos.Kills}, freezes {chaos.Freezes}, restarts {chaos.Restarts}, crashes of the database {chaos.DatabaseCrashes}, "
            + $"outages of the service {chaos.ServiceOutages}, processes that ended by themselves {chaos.OwnEnds}");
        var acknowledged = jobs.Where(job => job.Id is not null).ToList();
        Console.WriteLine(
            $"jobs acknowledged {acknowledged.Count} with {acknowledged.Sum(job => job.Items)} tasks; calls {service.Calls.Count}");
        foreach (var answers in service.Calls.GroupBy(call => call.Answer).OrderBy(group => group.Key))
        {
            Console.WriteLine(
                $"  {answers.Key switch { -1 => "caller gone", 0 => "broken off", var status => $"answered {status}" }}: "
                + $"{answers.Count()}");
        }

        foreach (var (name, count) in counts) Console.WriteLine($"  {name}: {count}");
        foreach (var fault in faults.Take(40)) Console.WriteLine($"FAULT {fault}");
        Console.WriteLine(
            faults.Count == 0 && chaos.OwnEnds == 0 ? "VERDICT: every promise was kept" : $"VERDICT: {faults.Count} promises were broken");
    }
}

using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Services;

/// <summary>
/// Who still uses a service, or one of its operations, that is about to go: open tasks, which nothing could call, and schedules, whose
/// runs would fail from then on. Such a removal is refused with their names.
/// </summary>
internal sealed class ServiceUsers(IRead store, ISchedules schedules)
{
    private const int PageSize = 200;

    /// <summary>The most users that a refusal names.</summary>
    private const int MaxNamed = 10;

    /// <exception cref="RequestException">409: tasks of the service are open, or schedules submit to it.</exception>
    public async Task RefuseRemovalAsync(string service, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        var depths = await store.ReadDepthsAsync(cancellationToken);
        if (depths.FirstOrDefault(depth => depth.Service == service) is { Open: > 0 and var open })
        {
            reasons.Add(
                $"{open} {(open == 1 ? "task" : "tasks")} of {service} wait or run, and nothing could call them: cancel their jobs first, "
                + "or wait for their end.");
        }

        var users = await ListSchedulesAsync(schedule => schedule.Service == service, cancellationToken);
        if (users.Count > 0) reasons.Add(Named(users, $"to {service}"));
        Refuse(reasons);
    }

    /// <summary>Refuses a declaration in place of another if it lacks operations that are in use.</summary>
    /// <exception cref="RequestException">409: open jobs or schedules use an operation that the new declaration lacks.</exception>
    public async Task RefuseLossAsync(ServiceEntry before, ServiceDeclaration after, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        var manifest = before.Adapter.Manifest;
        var kept = after.Operations.Concat(after.Dialects.SelectMany(route => route.Operations)).Select(one => one.Operation.TaskType);
        var lost = manifest.Operations.Concat(manifest.DialectOperations).Select(one => one.TaskType).Except(kept).ToList();
        if (lost.Count > 0)
        {
            var query = new JobQuery
            {
                Service = before.Name,
                TaskTypes = lost,
                States = [JobState.Pending, JobState.Running],
                Limit = MaxNamed + 1,
            };
            var jobs = (await store.QueryJobsAsync(query, cancellationToken)).Jobs;
            if (jobs.Count > 0)
            {
                var ids = Excerpt.List(jobs.Select(job => $"{job.JobId}"), MaxNamed);
                reasons.Add(
                    $"The new text lacks the operation of jobs that wait or run ({ids}): keep it, cancel them first, or wait for their "
                    + "end.");
            }
        }

        var users = await ListSchedulesAsync(
            schedule => schedule.Service == before.Name && Finds(before, schedule.Operation) && !Finds(after, schedule.Operation),
            cancellationToken);
        if (users.Count > 0) reasons.Add(Named(users, "to an operation that the new text lacks"));
        Refuse(reasons);
    }

    private static bool Finds(ServiceEntry entry, string? operation) =>
        operation is null ? entry.Default is not null || entry.Operations.Count == 1 : entry.Find(operation) is not null;

    private static bool Finds(ServiceDeclaration declaration, string? operation) => operation is null
        ? declaration.DefaultOperation is not null || declaration.Operations.Count == 1
        : declaration.Operations.Any(one => one.Operation.Name == operation);

    private async Task<List<string>> ListSchedulesAsync(Func<Schedule, bool> isUser, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var before = long.MaxValue;
        while (true)
        {
            var page = await schedules.ListSchedulesAsync(before, PageSize, cancellationToken);
            names.AddRange(page.Where(isUser).Select(schedule => $"'{schedule.Name}'"));
            if (page.Count < PageSize) return names;
            before = page[^1].Key;
        }
    }

    private static string Named(List<string> names, string target) => names.Count == 1
        ? $"The schedule {names[0]} submits {target}, and its runs would fail: delete or change it first."
        : $"The schedules {Excerpt.List(names, MaxNamed)} submit {target}, and their runs would fail: delete or change them first.";

    private static void Refuse(List<string> reasons)
    {
        if (reasons.Count > 0) throw new RequestException(Problem.Conflict(string.Join(' ', reasons)));
    }
}

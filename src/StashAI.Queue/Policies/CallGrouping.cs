using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Policies;

/// <summary>Groups claimed tasks by call, in the order of service. The tasks of a pack share one call.</summary>
public static class CallGrouping
{
    /// <summary>How many calls the tasks of one job need, given the pack size of each.</summary>
    public static int Count(IEnumerable<int> packs)
    {
        var (alone, shared, most) = (0, 0, 1);
        foreach (var pack in packs)
        {
            if (pack == 1) alone++;
            else (shared, most) = (shared + 1, Math.Max(most, pack));
        }

        return alone + ((shared + most - 1) / most);
    }

    /// <summary>Returns the tasks with those of one call next to each other.</summary>
    /// <param name="picks">The order of service; each pick is one call.</param>
    /// <param name="byJob">The claimed tasks of each job, in item order; empty afterwards.</param>
    public static List<ClaimedTask> Group(IReadOnlyList<JobPick> picks, IReadOnlyDictionary<long, Queue<ClaimedTask>> byJob)
    {
        var grouped = new List<ClaimedTask>(picks.Count);
        var call = 0;
        // Tasks with a call of their own come first, so that they do not split a pack.
        var sorted = byJob.ToDictionary(
            job => job.Key,
            job => job.Value.All(task => task.PackSize == 1)
                ? job.Value
                : new Queue<ClaimedTask>(job.Value.OrderBy(task => task.PackSize)));
        foreach (var pick in picks)
        {
            if (sorted.TryGetValue(pick.Job.Key, out var tasks)) AddCall(tasks);
        }

        foreach (var tasks in sorted.Values)
        {
            while (tasks.Count > 0) AddCall(tasks);
        }

        return grouped;

        void AddCall(Queue<ClaimedTask> tasks)
        {
            if (!tasks.TryDequeue(out var first)) return;
            if (first.PackSize == 1)
            {
                grouped.Add(first);
                return;
            }

            grouped.Add(first with { CallNumber = ++call });
            for (var more = 1; more < first.PackSize && tasks.TryDequeue(out var next); more++)
            {
                grouped.Add(next with { CallNumber = call });
            }
        }
    }
}

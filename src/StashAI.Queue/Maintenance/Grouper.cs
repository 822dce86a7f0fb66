using System.Runtime.CompilerServices;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Groups what the results of jobs show of unknown subjects. The service needs all results for it, so a grouping has one step: it sends
/// what the calls computed while it reads it, and stores the groups in one transaction. After a crash another process begins anew.
/// </summary>
internal sealed class Grouper(
    IQueueStore store, ServiceRegistry services, IUpstreamResolver upstreams, CallSetup setup, TimeProvider clock)
{
    /// <summary>How often the operation is kept for this process and the progress is stored.</summary>
    public static readonly TimeSpan Heartbeat = BulkWorker.Lease / 4;

    /// <summary>How long the service may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    /// <param name="renew">Keeps the operation for this process; false when it is lost.</param>
    /// <exception cref="InvalidOperationException">The results cannot be grouped; the message says why.</exception>
    public async Task<RematchEnd> RunAsync(
        BulkOperation bulk, long jobKey, Func<CancellationToken, Task<bool>> renew, CancellationToken cancellationToken)
    {
        if (await store.Read.FindJobsAsync([jobKey], cancellationToken) is not [var job]) return RematchEnd.Done;
        if (await store.Groupings.FindGroupingAsync(jobKey, cancellationToken) is not { IsOver: false } grouping
            || grouping.BulkKey != bulk.Key)
        {
            // Over, or replaced by a later one.
            return RematchEnd.Done;
        }

        if (services.FindGrouping(job.Service, job.TaskType) is not { } grouper)
            throw new InvalidOperationException($"The results of {job.Service} ({job.TaskType}) cannot be grouped.");
        if (upstreams.Resolve(job.Upstream) is not { } upstream) return RematchEnd.Waits;
        var read = new ReadResults(store, grouping.Jobs);
        using var lost = new CancellationTokenSource();
        using var deadline = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, deadline.Token, cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
        var keeping = KeepAsync(grouping, read, renew, lost, over.Token);
        try
        {
            var outcome = await grouper.GroupAsync(
                new GroupingContext
                {
                    Upstream = upstream,
                    Http = upstreams.IsConfigured(job.Service, job.Upstream) ? setup.ConfiguredClient : setup.JobClient,
                    Threshold = grouping.Threshold,
                    MinSize = grouping.MinSize,
                    Items = read.ReadAsync(either.Token),
                },
                either.Token);
            if (outcome is null) return RematchEnd.Waits;
            // What is grouped is stored, whether or not the process is asked to stop.
            await store.Groupings.EndGroupingAsync(
                grouping with
                {
                    Done = read.Done,
                    Parts = outcome.Parts,
                    Unknown = outcome.Unknown,
                    Version = outcome.Version,
                },
                [.. outcome.Groups.Select((group, number) => Store(group, number, read))], CancellationToken.None);
            return RematchEnd.Done;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return RematchEnd.Lost;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The {job.Service} service did not answer within {Timeout.TotalMinutes:0} minutes.");
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
        }
    }

    private static (StoredGroup Group, IReadOnlyList<StoredMember> Members) Store(PartGroup group, int number, ReadResults read)
    {
        var members = group.Members
            .Select((member, position) => new StoredMember(number, position, read.TaskKeyOf(member.Item), member.Part)).ToList();
        var results = members.Select(member => member.TaskKey).Distinct().Count();
        return (new StoredGroup(number, members.Count, results, Math.Clamp(group.Best, 0, members.Count)), members);
    }

    /// <summary>Keeps the operation for this process until the end, and cancels the work when it is lost.</summary>
    private async Task KeepAsync(
        Grouping grouping, ReadResults read, Func<CancellationToken, Task<bool>> renew, CancellationTokenSource lost,
        CancellationToken over)
    {
        using var timer = new PeriodicTimer(Heartbeat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                if (await renew(over))
                {
                    await store.Groupings.SaveGroupingAsync(grouping with { Done = read.Done }, over);
                    continue;
                }

                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
        catch (Exception)
        {
            // Without the database nobody knows whose the operation is.
            await lost.CancelAsync();
        }
    }

    /// <summary>The results of jobs, read a page at a time, and what was read.</summary>
    private sealed class ReadResults(IQueueStore store, IReadOnlyList<long> jobs)
    {
        private readonly List<long> keys = [];

        /// <summary>How many results were read.</summary>
        public int Done => Volatile.Read(ref done);

        private int done;

        public long TaskKeyOf(int item) => item >= 0 && item < keys.Count
            ? keys[item]
            : throw new InvalidOperationException("The service grouped results that were not sent.");

        public async IAsyncEnumerable<GroupingItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var key in jobs)
            {
                if (await store.Read.FindJobsAsync([key], cancellationToken) is not [var job]) continue;
                for (var from = 0; await store.Groupings.ReadDerivedAsync(key, from, cancellationToken) is { Count: > 0 } page;)
                {
                    foreach (var result in page)
                    {
                        keys.Add(result.TaskKey);
                        Volatile.Write(ref done, keys.Count);
                        yield return new GroupingItem(job.Config, result.Input, result.Derived);
                    }

                    from = TaskKey.OrdinalOf(page[^1].TaskKey) + 1;
                }
            }
        }
    }
}

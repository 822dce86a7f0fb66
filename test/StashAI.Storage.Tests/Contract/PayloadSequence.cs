using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>
/// Runs generated steps of uploads, copies, trims, removals and lost nodes on two stores, and compares the bytes of every payload with
/// those that were sent after each. In the end nothing may be left, neither rows nor segments.
/// </summary>
internal sealed class PayloadSequence(IStoreHost host)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static readonly int[] Sizes =
        [0, 1, 5_000, 16_384, 16_385, 40_000, 70_000, 110_000, 160_000, 300_000, 1_048_575, 1_100_000];

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<long, List<(long Task, byte[][] Parts)>> jobs = [];
    private readonly List<OpenUpload> open = [];
    private IQueueStore[] stores = [];
    private long[] nodes = [];
    private int seed;

    public async Task RunAsync(IReadOnlyList<QueueStep> steps, CancellationToken cancellationToken)
    {
        stores = [await host.OpenAsync(clock, cancellationToken), await host.OpenAsync(clock, cancellationToken)];
        nodes = [.. stores.Select(store => store.Nodes.Register("node", Lease))];
        try
        {
            foreach (var step in steps)
            {
                await RunStepAsync(step, cancellationToken);
                await CompareAsync(cancellationToken);
            }

            await EndAsync(cancellationToken);
        }
        finally
        {
            foreach (var store in stores) await store.DisposeAsync();
        }
    }

    private Task RunStepAsync(QueueStep step, CancellationToken cancellationToken) => step.What switch
    {
        < 4 => UploadAsync(step, cancellationToken),
        < 6 => BeginAsync(step, cancellationToken),
        < 8 => FinishAsync(step, isCommit: step.B % 3 > 0, cancellationToken),
        < 10 => CopyAsync(step, cancellationToken),
        < 13 => CompleteAsync(step, cancellationToken),
        < 15 => TrimAsync(step, cancellationToken),
        < 17 => RemoveAsync(step, cancellationToken),
        < 20 => stores[step.B % 2].Maintain.RemoveUnreferencedAsync(1 + (step.A % 3), cancellationToken),
        < 21 => LoseAsync(step, cancellationToken),
        _ => ReopenAsync(step, cancellationToken),
    };

    private async Task<OpenUpload> FillAsync(QueueStep step, CancellationToken cancellationToken)
    {
        var random = new Random(step.A);
        var upload = new OpenUpload(stores[step.B % 2].OpenUpload(nodes[step.B % 2]), step.B % 2);
        for (var task = 0; task <= step.B % 4; task++)
        {
            upload.Upload.BeginTask();
            var parts = Enumerable.Range(0, random.Next(3)).Select(_ => Bytes(Sizes[random.Next(Sizes.Length)])).ToArray();
            foreach (var part in parts)
            {
                upload.Upload.BeginPayload("part", null);
                await upload.Upload.WriteAsync(part, cancellationToken);
                upload.Upload.EndPayload();
            }

            await upload.Upload.EndTaskAsync(default, cancellationToken);
            upload.Tasks.Add(parts);
        }

        return upload;
    }

    private async Task UploadAsync(QueueStep step, CancellationToken cancellationToken)
    {
        open.Add(await FillAsync(step, cancellationToken));
        await FinishAsync(step with { A = open.Count - 1 }, isCommit: true, cancellationToken);
    }

    private async Task BeginAsync(QueueStep step, CancellationToken cancellationToken) =>
        open.Add(await FillAsync(step, cancellationToken));

    private async Task FinishAsync(QueueStep step, bool isCommit, CancellationToken cancellationToken)
    {
        if (open.Count == 0) return;
        var upload = open[step.A % open.Count];
        open.Remove(upload);
        try
        {
            if (!isCommit) return;
            var job = await upload.Upload.CommitAsync(TestJobs.Job, cancellationToken);
            jobs.Add(job.Key, [.. upload.Tasks.Select((parts, ordinal) => (TaskKey.From(job.Key, ordinal), parts))]);
        }
        catch (UploadLostException) when (upload.IsLost)
        {
            // Its node was taken for dead. Small uploads that nothing was written of are accepted all the same.
        }
        finally
        {
            await upload.Upload.DisposeAsync();
        }
    }

    private async Task CopyAsync(QueueStep step, CancellationToken cancellationToken)
    {
        if (jobs.Count == 0) return;
        var source = jobs.ElementAt(step.A % jobs.Count);
        await using var upload = stores[step.B % 2].OpenUpload(nodes[step.B % 2]);
        try
        {
            await upload.CopyAsync(source.Key, CopiedTasks.All, cancellationToken);
        }
        catch (SourceLostException exception) when (exception.IsTrimmed)
        {
            return;
        }

        var job = await upload.CommitAsync(TestJobs.Job, cancellationToken);
        jobs.Add(job.Key, [.. source.Value.Select((task, ordinal) => (TaskKey.From(job.Key, ordinal), task.Parts))]);
    }

    private async Task CompleteAsync(QueueStep step, CancellationToken cancellationToken)
    {
        var store = stores[step.B % 2];
        var node = nodes[step.B % 2];
        var batch = await store.Work.ClaimAsync(node, 1 + (step.A % 5), 0, [TestJobs.Service], cancellationToken);
        foreach (var task in batch.Tasks)
        {
            var sent = jobs[TaskKey.JobOf(task.Key)].Single(one => one.Task == task.Key).Parts;
            foreach (var (part, bytes) in task.Payloads.Zip(sent).Where(pair => !pair.First.Bytes.IsEmpty))
                Assert.Equal(bytes, part.Bytes.ToArray());
            await store.Work.ApplyAsync(
                node,
                [new AttemptResult
                {
                    Task = task,
                    Event = (step.A + task.Key) % 4 == 0 ? TaskEvent.Fail : TaskEvent.Succeed,
                    Output = "{}"u8.ToArray(),
                }],
                cancellationToken);
        }
    }

    private async Task TrimAsync(QueueStep step, CancellationToken cancellationToken)
    {
        var policy = RetentionPolicy.Default with { Inputs = TimeSpan.Zero };
        while (await stores[step.B % 2].Maintain.RemoveOldAsync(policy, 2, cancellationToken) > 0) host.Verify();
        foreach (var (job, tasks) in jobs)
        {
            var view = Assert.Single(await stores[0].Read.FindJobsAsync([job], cancellationToken));
            if (view.FinishedAt is null) continue;
            var states = await stores[0].Read.FindTasksAsync([.. tasks.Select(task => task.Task)], false, cancellationToken);
            for (var i = 0; i < tasks.Count; i++)
            {
                if (states[i].State != TaskState.Completed) continue;
                // The trim of a job ends with its last byte: parts without a byte may stay behind it.
                var isEmpty = tasks[i].Parts.Sum(part => part.Length) == 0;
                if (isEmpty && (await stores[0].Read.ListPayloadsAsync(tasks[i].Task, cancellationToken)).Count > 0) continue;
                tasks[i] = (tasks[i].Task, []);
            }
        }
    }

    private async Task RemoveAsync(QueueStep step, CancellationToken cancellationToken)
    {
        if (jobs.Count == 0) return;
        var job = jobs.Keys.ElementAt(step.A % jobs.Count);
        if (await stores[step.B % 2].Control.RemoveJobAsync(job, cancellationToken)) jobs.Remove(job);
    }

    /// <summary>Both nodes fall silent for longer than their lease.</summary>
    private async Task LoseAsync(QueueStep step, CancellationToken cancellationToken)
    {
        await stores[0].Maintain.ObserveClockAsync(cancellationToken);
        clock.Advance(Lease);
        await stores[0].Maintain.ObserveClockAsync(cancellationToken);
        if (step.B % 3 > 0) await stores[step.A % 2].Maintain.RescueAsync(1000, cancellationToken);
        foreach (var upload in open) upload.IsLost = true;
        for (var i = 0; i < 2; i++) nodes[i] = stores[i].Nodes.Register("node", Lease);
    }

    /// <summary>A process ends in order; its open uploads break.</summary>
    private async Task ReopenAsync(QueueStep step, CancellationToken cancellationToken)
    {
        var which = step.A % 2;
        foreach (var upload in open.Where(upload => upload.Store == which).ToList())
        {
            open.Remove(upload);
            await upload.Upload.DisposeAsync();
        }

        stores[which].Nodes.Leave(nodes[which]);
        await stores[which].DisposeAsync();
        stores[which] = await host.OpenAsync(clock, cancellationToken);
        nodes[which] = stores[which].Nodes.Register("node", Lease);
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        host.Verify();
        foreach (var (task, sent) in jobs.Values.SelectMany(tasks => tasks))
        {
            var parts = await stores[1].Read.ListPayloadsAsync(task, cancellationToken);
            Assert.Equal(sent.Select(part => (long)part.Length), parts.Select(part => part.Size));
            foreach (var (part, bytes) in parts.Zip(sent))
            {
                using var whole = new MemoryStream();
                await foreach (var piece in stores[0].Read.ReadPayloadAsync(part.Key, part.Size, cancellationToken))
                {
                    whole.Write(piece.Span);
                }

                Assert.True(whole.ToArray().AsSpan().SequenceEqual(bytes), $"Payload {part.Key} has other bytes.");
            }
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var upload in open) await upload.Upload.DisposeAsync();
        foreach (var job in jobs.Keys)
        {
            await stores[0].Control.CancelJobAsync(job, cancellationToken);
            Assert.True(await stores[0].Control.RemoveJobAsync(job, cancellationToken));
        }

        await stores[0].Maintain.ObserveClockAsync(cancellationToken);
        clock.Advance(Lease + Lease);
        await stores[0].Maintain.ObserveClockAsync(cancellationToken);
        stores[0].Nodes.Register("cleaner", Lease);
        while (!(await stores[0].Maintain.RescueAsync(1000, cancellationToken)).IsEmpty)
        {
        }

        while (await stores[0].Maintain.RemoveUnreferencedAsync(10, cancellationToken) > 0) host.Verify();
        foreach (var table in (string[])["payloads", "payload_chunks", "payload_segments", "task_payloads", "queue_jobs"])
            Assert.Equal((table, 0L), (table, host.CountRows()[table]));
        Assert.Empty(host.Shelf?.Names ?? []);
        Assert.Equal(0, host.Shelf?.Unfinished ?? 0);
    }

    private byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(seed++).NextBytes(bytes);
        return bytes;
    }

    private sealed class OpenUpload(IUpload upload, int store)
    {
        public IUpload Upload { get; } = upload;

        public int Store { get; } = store;

        public List<byte[][]> Tasks { get; } = [];

        public bool IsLost { get; set; }
    }
}

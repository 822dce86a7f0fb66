using System.Text;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;
using StashAI.Queue.Model.Subjects;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Whoever reads a result that was judged again sees the last judgement, whole, and never the recorded result.</summary>
public abstract class JudgementContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task All_readers_see_the_last_judgement()
    {
        var job = await EndedAsync("""{"who":"ann"}""", """{"who":"cem"}""");
        var key = TaskKey.From(job.Key, 0);
        var version = (await TaskAsync(key)).Version;

        await JudgeAsync(job, 0, """{"who":"ben","sure":true}""");
        await JudgeAsync(job, 0, """{"who":"Benjamin"}""");

        string[] expected = ["""{"who":"Benjamin"}""", """{"who":"cem"}"""];
        Assert.Equal(version + 2, (await TaskAsync(key)).Version);
        Assert.Equal(expected[0], Text((await TaskAsync(key, withOutput: true)).Output));
        var listed = await Store.Read.ListTasksAsync(job.Key, 0, 9, withOutput: true, Cancellation);
        Assert.Equal(expected, listed.Select(task => Text(task.Output)));
        var shown = await Store.Subjects.ListTasksAsync(new SubjectQuery("ann", null, null, null, 9), Cancellation);
        Assert.Equal(expected, shown.Tasks.Reverse().Select(one => Text(one.Task.Output)));
        var read = await Store.Rematches.ReadResultsAsync(job.Key, 0, Cancellation);
        Assert.Equal(expected, read.Select(result => Text(result.Output)));
        Assert.Equal(["""{"who":"ann"}""", """{"who":"cem"}"""], read.Select(result => Text(result.Recorded)));
        Assert.Equal(expected[0], Text((await Store.Rematches.FindResultAsync(key, Cancellation))!.Value.Output));
        Host.ForgetSubjects(job.Key);
        var backlog = (await Store.Subjects.FindBacklogAsync(Cancellation))!.Value;
        Assert.Equal(
            expected, (await Store.Subjects.ReadUnindexedAsync(backlog, Cancellation)).Select(result => Text(result.Output)));
        var parts = (await Store.Erasures.ReadErasableTasksAsync(job.Key, 0, Cancellation)).Parts
            .Where(part => part.Place == ErasablePlace.Result).ToList();
        Assert.Equal(expected, parts.Select(part => Text(part.Data)));
        Assert.Equal(["""{"who":"ann"}""", null], parts.Select(part => part.Recorded is { } recorded ? Text(recorded) : null));
    }

    [Fact]
    public async Task Jobs_are_compared_by_the_last_judgements()
    {
        var first = await EndedAsync("1", "1", "1", "1");
        var second = await EndedAsync("2", "1", "1", "1");

        await JudgeAsync(first, 0, "2");
        await JudgeAsync(second, 1, "3");
        await JudgeAsync(first, 2, "4");
        await JudgeAsync(second, 2, "4");

        var pairs = await Store.Read.ListPairsAsync(first.Key, second.Key, isRerun: false, 0, 9, Cancellation);
        Assert.Equal([true, false, true, true], pairs.Select(pair => pair.IsSame));
    }

    [Fact]
    public async Task A_judgement_goes_with_its_task()
    {
        var job = await EndedAsync("1", "1");
        await JudgeAsync(job, 0, "2");
        Assert.Equal(1, Host.CountRows()["task_judgements"]);

        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        // Hidden, and not removed yet.
        Assert.Empty((await SaveAsync(job, 1, new StoredResult(0, default, "1"u8.ToArray(), default) { Recorded = default }, "3")).Tasks);
        while (await Store.Maintain.RemoveUnreferencedAsync(100, Cancellation) > 0)
        {
            // Until all is removed.
        }

        Assert.Equal(0, Host.CountRows()["task_judgements"]);
    }

    private static string Text(ReadOnlyMemory<byte> output) => Encoding.UTF8.GetString(output.Span);

    private async Task<EnqueuedJob> EndedAsync(params string[] outputs)
    {
        var job = await EnqueueAsync(outputs.Length);
        foreach (var task in await ClaimAsync(outputs.Length))
            await ApplyAsync(Done(task, outputs[TaskKey.OrdinalOf(task.Key)]) with { Subjects = [new("ann", 0.5)] });
        return job;
    }

    private async Task JudgeAsync(EnqueuedJob job, int ordinal, string output)
    {
        var before = (await Store.Rematches.FindResultAsync(TaskKey.From(job.Key, ordinal), Cancellation))!.Value;
        Assert.Single((await SaveAsync(job, ordinal, before, output)).Tasks);
    }

    private async Task<Queue.Model.Changes.ChangeSet> SaveAsync(EnqueuedJob job, int ordinal, StoredResult before, string output)
    {
        var key = TaskKey.From(job.Key, ordinal);
        var found = await Store.Read.FindTasksAsync([key], withOutput: false, Cancellation);
        var judged = new JudgedResult(key, before.Recorded, Encoding.UTF8.GetBytes(output), [new("ann", 0.5)]);
        return await Store.Rematches.SaveResultsAsync(job.Key, 0, [(found is [var task] ? task.Version : 1, judged)], Cancellation);
    }
}

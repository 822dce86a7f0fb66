using System.Security.Cryptography;
using System.Text;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract.Results;

/// <summary>What the contracts of known results share.</summary>
public abstract class ResultStoreContract(IStoreHost host) : StoreContract(host)
{
    protected static readonly byte[] Key = KeyOf("item");

    protected static byte[] KeyOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    protected static ResultQuery Query(ClaimedTask task) => new(Key, task.Key, task.Fence);

    protected Task<ResultAnswer> AskAsync(ClaimedTask task) => Store.Results.AskAsync(Query(task), Cancellation);

    protected Task<KnownResult?> FindAsync(ClaimedTask task) => Store.Results.FindResultAsync(Query(task), Cancellation);

    protected async Task<ChangeSet> WakeAsync()
    {
        var changes = await Store.Results.WakeWaitersAsync(100, Cancellation);
        Host.Verify();
        return changes;
    }

    protected static AttemptResult Waiting(ClaimedTask task) => new()
    {
        Task = task,
        Event = TaskEvent.AwaitResult,
        ResultKey = Key,
        Delay = TimeSpan.FromMinutes(1),
    };

    protected async Task WaitAsync(ClaimedTask task) => Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Waiting(task)));

    protected async Task CompleteAsync(ClaimedTask task, string output) =>
        Assert.Equal(ApplyStatus.Applied, await ApplyAsync(Done(task, output) with { ResultKey = Key }));

    protected async Task<(TaskState State, int Attempt)> StateAsync(ClaimedTask task)
    {
        var view = await TaskAsync(task.Key);
        return (view.State, view.Attempt);
    }
}

using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Idempotency keys: of several submits with one key there is one job (S1).</summary>
public abstract class IdempotencyContract(IStoreHost host) : StoreContract(host)
{
    private static readonly NewJob Keyed = TestJobs.Job with { IdempotencyKey = "a key", RequestHash = new byte[] { 1, 2, 3 } };

    [Fact]
    public async Task The_same_key_gives_the_first_job_and_leaves_nothing_of_the_second()
    {
        var first = await EnqueueAsync(3, Keyed);
        var rows = Host.CountRows();

        var again = await EnqueueAsync(2, Keyed);
        var other = await EnqueueAsync(1, Keyed with { RequestHash = new byte[] { 9 } });

        Assert.Equal((false, false), (first.IsDuplicate, first.IsDifferentRequest));
        Assert.Equal(first with { IsDuplicate = true }, again);
        Assert.Equal(first with { IsDuplicate = true, IsDifferentRequest = true }, other);
        Assert.Equal(rows, Host.CountRows());
        Assert.False((await EnqueueAsync(1, Keyed with { IdempotencyKey = "another" })).IsDuplicate);
        Assert.False((await EnqueueAsync(1)).IsDuplicate);
    }

    [Fact]
    public async Task A_large_upload_with_a_known_key_leaves_nothing_either()
    {
        var first = await EnqueueAsync(1, Keyed);
        var rows = Host.CountRows();
        await using (var upload = Store.OpenUpload(Node))
        {
            for (var i = 0; i < 2500; i++)
            {
                upload.BeginTask();
                upload.BeginPayload("image", null);
                await upload.WriteAsync(new byte[2000], Cancellation);
                upload.EndPayload();
                await upload.EndTaskAsync(default, Cancellation);
            }

            Assert.NotEqual(rows, Host.CountRows());
            Assert.Equal(first.JobId, (await upload.CommitAsync(Keyed, Cancellation)).JobId);
        }

        Assert.Equal(rows, Host.CountRows());
    }

    [Fact]
    public async Task A_commit_that_is_repeated_is_no_duplicate_of_itself()
    {
        await using var upload = Store.OpenUpload(Node);
        upload.BeginTask();
        await upload.EndTaskAsync(TestJobs.Input(0), Cancellation);

        var first = await upload.CommitAsync(Keyed, Cancellation);

        Assert.Equal(first, await upload.CommitAsync(Keyed, Cancellation));
    }

    [Fact]
    public async Task Submits_of_several_processes_with_one_key_make_one_job()
    {
        var stores = new[] { Store, await OpenAnotherAsync(), await OpenAnotherAsync() };
        var nodes = stores.Select(store => store.Nodes.Register("node", Lease)).ToArray();

        var jobs = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(
            () => stores[i % 3].EnqueueAsync(nodes[i % 3], 2, Keyed, Cancellation), Cancellation)));

        Assert.Single(jobs.Select(job => job.JobId).Distinct());
        Assert.Single(jobs, job => !job.IsDuplicate);
        Assert.Equal(2, (await Store.Read.ReadTotalsAsync(Cancellation)).Available);
    }

    [Fact]
    public async Task A_key_may_be_used_again_when_its_time_is_over()
    {
        var first = await EnqueueAsync(1, Keyed);
        await PassAsync(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        RegisterAgain();
        Assert.True((await EnqueueAsync(1, Keyed)).IsDuplicate);
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        var second = await EnqueueAsync(1, Keyed);

        Assert.False(second.IsDuplicate);
        Assert.NotEqual(first.JobId, second.JobId);
        Assert.Equal(second.JobId, (await EnqueueAsync(1, Keyed)).JobId);
    }
}

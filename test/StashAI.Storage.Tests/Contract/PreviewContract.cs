using System.Text;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Previews are kept once beside their payloads, and go with them.</summary>
public abstract class PreviewContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task The_first_preview_stays_and_every_process_reads_it()
    {
        var payloads = await UploadAsync(3);
        var other = await OpenAnotherAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(
            i => (i % 2 == 0 ? Store : other).Previews.SavePreviewAsync(payloads[0], Encoding.UTF8.GetBytes($"jpeg {i}"), Cancellation)));
        await other.Previews.SavePreviewAsync(payloads[1], default, Cancellation);

        var kept = await Store.Previews.ReadPreviewAsync(payloads[0], Cancellation);
        Assert.StartsWith("jpeg ", Encoding.UTF8.GetString(kept!), StringComparison.Ordinal);
        Assert.Equal(kept, await other.Previews.ReadPreviewAsync(payloads[0], Cancellation));
        Assert.Empty((await Store.Previews.ReadPreviewAsync(payloads[1], Cancellation))!);
        Assert.Null(await Store.Previews.ReadPreviewAsync(payloads[2], Cancellation));
        Assert.Equal(payloads[..2].ToHashSet(), (await Store.Previews.FindPreviewsAsync(payloads, Cancellation)).ToHashSet());
    }

    [Fact]
    public async Task They_go_with_their_job_and_none_is_kept_for_what_is_gone()
    {
        var before = Host.CountRows();
        var payloads = await UploadAsync(2);
        await Store.Previews.SavePreviewAsync(payloads[0], "jpeg"u8.ToArray(), Cancellation);
        foreach (var task in await ClaimAsync(2)) await ApplyAsync(Done(task));
        await PassAsync(TimeSpan.FromDays(31));

        Assert.Equal(1, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default, 10, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(1, Cancellation) > 0)
        {
            await Store.Previews.SavePreviewAsync(payloads[1], "late"u8.ToArray(), Cancellation);
        }

        await Store.Previews.SavePreviewAsync(payloads[0], "too late"u8.ToArray(), Cancellation);
        Assert.Null(await Store.Previews.ReadPreviewAsync(payloads[0], Cancellation));
        Assert.Equal(before, Host.CountRows());
    }

    [Fact]
    public async Task They_go_with_inputs_that_are_not_kept_as_long_as_their_job()
    {
        var payloads = await UploadAsync(1);
        await Store.Previews.SavePreviewAsync(payloads[0], "jpeg"u8.ToArray(), Cancellation);
        await ApplyAsync(Done(await ClaimOneAsync()));
        await PassAsync(TimeSpan.FromDays(8));

        Assert.Equal(
            1, await Store.Maintain.RemoveOldAsync(RetentionPolicy.Default with { Inputs = TimeSpan.FromDays(7) }, 10, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation) > 0)
        {
        }

        Assert.Null(await Store.Previews.ReadPreviewAsync(payloads[0], Cancellation));
        Assert.Equal(1, (await Store.Read.ListJobsAsync(new JobFilter([], null, 10, 0), Cancellation)).TotalCount);
    }

    [Fact]
    public async Task A_signing_key_is_the_same_in_every_process_and_unlike_any_other()
    {
        var other = await OpenAnotherAsync();

        var key = await Store.SigningKeys.ReadSigningKeyAsync("pictures", Cancellation);

        Assert.Equal(32, key.Length);
        Assert.True(key.Distinct().Count() > 8);
        Assert.Equal(key, await other.SigningKeys.ReadSigningKeyAsync("pictures", Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.SigningKeys.ReadSigningKeyAsync("unknown", Cancellation));
    }

    private async Task<long[]> UploadAsync(int photos)
    {
        await using var upload = Store.OpenUpload(Node);
        for (var i = 0; i < photos; i++)
        {
            upload.BeginTask();
            upload.BeginPayload("image", null);
            await upload.WriteAsync(new byte[] { 1, 2, 3 }, Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync(default, Cancellation);
        }

        var job = await upload.CommitAsync(TestJobs.Job, Cancellation);
        long[] tasks = [.. Enumerable.Range(0, photos).Select(i => TaskKey.From(job.Key, i))];
        var parts = await Store.Read.ListPayloadsAsync(tasks, Cancellation);
        return [.. tasks.Select(task => parts[task].Single().Key)];
    }
}

using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Store;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Files that clients send in parts: a body becomes a part in one step, and all parts a file.</summary>
public abstract class ClientUploadContract(IStoreHost host) : StoreContract(host)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly ClientFileUsage NoLimit = new(1000, 1L << 40);

    private IClientUploads Uploads => Store.ClientUploads;

    [Fact]
    public async Task Parts_become_a_file_with_the_id_of_the_upload_and_are_gone()
    {
        var upload = await BeginAsync(30);
        var (a, b) = (await AddAsync(upload, 10), await AddAsync(upload, 20));
        Host.Verify();
        var again = (await OpenAnotherAsync()).ClientUploads;
        Assert.Equal(upload, await again.FindUploadAsync(upload.Id, Cancellation));
        Assert.Equal([(a, 10L), (b, 20L)], (await again.ListPartsAsync(upload.Id, Cancellation)).Select(part => (part.Id, part.Size)));

        var body = await BodyAsync(30);
        var file = (await Uploads.CompleteUploadAsync(upload.Id, body, "print", NoLimit, Cancellation))!;

        Host.Verify();
        Assert.Equal(
            (upload.Id, "laptop", "a.jsonl", "batch", 30L, Clock.GetUtcNow() + Hour),
            (file.Id, file.Owner, file.Name, file.Purpose, file.Size, file.ExpiresAt));
        var completed = (await Uploads.FindUploadAsync(upload.Id, Cancellation))!;
        Assert.Equal((ClientUploadState.Completed, "print"), (completed.State, completed.CompletedWith));
        Assert.Empty(await Uploads.ListPartsAsync(upload.Id, Cancellation));
        Assert.Equal(2, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
        // Repeated, it finds the file, and takes no other body.
        var other = await BodyAsync(30);
        Assert.Equal(file, await Uploads.CompleteUploadAsync(upload.Id, other, "another", NoLimit, Cancellation));
        Assert.NotNull(await Store.BodyUploads.FindUploadAsync(other, Cancellation));
        Assert.Equal(PartOutcome.NotPending, await Uploads.AddPartAsync(upload.Id, Guid.NewGuid(), other, Cancellation));
        Assert.Equal(ClientUploadState.Completed, (await Uploads.CancelUploadAsync(upload.Id, Cancellation))!.State);
        Assert.NotNull(await Store.Files.FindFileAsync(upload.Id, Cancellation));
    }

    [Fact]
    public async Task A_part_is_added_once_and_only_with_its_bytes()
    {
        var upload = await BeginAsync(10);
        var (part, body) = (Guid.NewGuid(), await BodyAsync(10));

        Assert.Equal(PartOutcome.Added, await Uploads.AddPartAsync(upload.Id, part, body, Cancellation));
        Assert.Equal(PartOutcome.Added, await Uploads.AddPartAsync(upload.Id, part, body, Cancellation));
        Assert.Equal(PartOutcome.Lost, await Uploads.AddPartAsync(upload.Id, Guid.NewGuid(), body, Cancellation));
        Assert.Equal(PartOutcome.NotPending, await Uploads.AddPartAsync(Guid.NewGuid(), Guid.NewGuid(), body, Cancellation));
        // Sent again it fits, and a third time it does not.
        await AddAsync(upload, 10);
        Assert.Equal(PartOutcome.TooLong, await Uploads.AddPartAsync(upload.Id, Guid.NewGuid(), await BodyAsync(1), Cancellation));
        Assert.Equal(2, (await Uploads.ListPartsAsync(upload.Id, Cancellation)).Count);
        Host.Verify();
    }

    [Fact]
    public async Task A_cancelled_upload_and_one_that_expired_release_their_parts()
    {
        var (cancelled, expired) = (await BeginAsync(10), await BeginAsync(10));
        await AddAsync(cancelled, 10);
        await AddAsync(expired, 10);

        Assert.Equal(ClientUploadState.Cancelled, (await Uploads.CancelUploadAsync(cancelled.Id, Cancellation))!.State);
        Assert.Null(await Uploads.CancelUploadAsync(Guid.NewGuid(), Cancellation));
        Assert.Null(await Uploads.CompleteUploadAsync(cancelled.Id, await BodyAsync(10), "print", NoLimit, Cancellation));
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
        Assert.Equal(0, await Uploads.RemoveExpiredUploadsAsync(10, Cancellation));
        await PassAsync(3 * Hour);

        Assert.Null(await Uploads.FindUploadAsync(expired.Id, Cancellation));
        Assert.Equal(PartOutcome.NotPending, await Uploads.AddPartAsync(expired.Id, Guid.NewGuid(), await BodyAsync(1), Cancellation));
        Assert.Equal(1, await Uploads.RemoveExpiredUploadsAsync(1, Cancellation));
        Assert.Equal(1, await Uploads.RemoveExpiredUploadsAsync(10, Cancellation));
        Host.Verify();
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
    }

    [Fact]
    public async Task An_id_is_free_again_once_its_upload_has_expired()
    {
        var expired = await BeginAsync(10);
        await AddAsync(expired, 10);
        await PassAsync(3 * Hour);

        var next = (await Uploads.BeginUploadAsync(New(20) with { Id = expired.Id }, NoLimit, Cancellation))!;

        Assert.Equal((expired.Id, 20L, ClientUploadState.Pending), (next.Id, next.Size, next.State));
        Assert.Empty(await Uploads.ListPartsAsync(next.Id, Cancellation));
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
        Assert.Equal(0, await Uploads.RemoveExpiredUploadsAsync(10, Cancellation));
        await AddAsync(next, 20);
        Host.Verify();
    }

    [Fact]
    public async Task An_owner_has_no_more_pending_uploads_and_files_than_allowed()
    {
        var first = await BeginAsync(10);
        var next = New(20);

        Assert.Null(await Uploads.BeginUploadAsync(next, new(1, 1000), Cancellation));
        Assert.Null(await Uploads.BeginUploadAsync(next, new(2, 29), Cancellation));
        Assert.NotNull(await Uploads.BeginUploadAsync(next with { Owner = null }, new(1, 20), Cancellation));
        Assert.NotNull(await Uploads.BeginUploadAsync(New(20), new(2, 30), Cancellation));
        Assert.Equal(first, await Uploads.BeginUploadAsync(New(10) with { Id = first.Id }, new(0, 0), Cancellation));
        // The file of an upload counts as any file.
        var body = await BodyAsync(10);
        Assert.Null(await Uploads.CompleteUploadAsync(first.Id, body, "print", new(0, 1000), Cancellation));
        Assert.Null(await Uploads.CompleteUploadAsync(first.Id, body, "print", new(1, 9), Cancellation));
        Assert.Equal(ClientUploadState.Pending, (await Uploads.FindUploadAsync(first.Id, Cancellation))!.State);
        Assert.NotNull(await Uploads.CompleteUploadAsync(first.Id, body, "print", new(1, 10), Cancellation));
    }

    private static NewClientUpload New(long size) =>
        new(Guid.NewGuid(), "laptop", "a.jsonl", "batch", "application/jsonl", size, Hour, 2 * Hour);

    private async Task<ClientUpload> BeginAsync(long size) => (await Uploads.BeginUploadAsync(New(size), NoLimit, Cancellation))!;

    private async Task<Guid> AddAsync(ClientUpload upload, int size)
    {
        var part = Guid.NewGuid();
        Assert.Equal(PartOutcome.Added, await Uploads.AddPartAsync(upload.Id, part, await BodyAsync(size), Cancellation));
        return part;
    }

    private async Task<Guid> BodyAsync(int size)
    {
        var body = (await Store.BodyUploads.StartUploadAsync(
            new NewBodyUpload(Guid.NewGuid(), "laptop", null, "{}", null, default), 100, TimeSpan.FromDays(1), Cancellation))!;
        var result = await Store.BodyUploads.AppendUploadAsync(body.Id, 0, new byte[size], long.MaxValue / 2, Cancellation);
        Assert.Equal(ChunkOutcome.Stored, result.Outcome);
        return body.Id;
    }
}

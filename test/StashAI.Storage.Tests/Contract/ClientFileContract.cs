using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Store;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Files that clients keep: an upload becomes a file in one step, and its bytes go with it.</summary>
public abstract class ClientFileContract(IStoreHost host) : StoreContract(host)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly ClientFileUsage NoLimit = new(long.MaxValue, long.MaxValue / 2);

    private IClientFiles Files => Store.Files;

    [Fact]
    public async Task A_file_has_the_bytes_and_the_owner_of_its_upload_which_is_gone()
    {
        var bytes = new byte[3_000_000];
        new Random(7).NextBytes(bytes);
        var upload = await UploadAsync(bytes);

        var kept = (await Files.KeepUploadAsync(new(Guid.NewGuid(), "a.jsonl", "batch", Hour), upload, NoLimit, Cancellation))!;

        var found = (await (await OpenAnotherAsync()).Files.FindFileAsync(kept.Id, Cancellation))!;
        Assert.Equal(
            ("laptop", "a.jsonl", "batch", 3_000_000L, Clock.GetUtcNow(), Clock.GetUtcNow() + Hour),
            (found.Owner, found.Name, found.Purpose, found.Size, found.CreatedAt, found.ExpiresAt));
        Assert.Equal(bytes, await BytesAsync(found));
        Assert.Null(await Store.BodyUploads.FindUploadAsync(upload, Cancellation));
        Assert.Equal(0, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
    }

    [Fact]
    public async Task Keeping_an_upload_again_finds_the_file_and_an_unknown_upload_is_none()
    {
        var upload = await UploadAsync("x"u8.ToArray());
        var file = new NewClientFile(Guid.NewGuid(), "a", "vision", null);

        var first = await Files.KeepUploadAsync(file, upload, NoLimit, Cancellation);
        var second = await Files.KeepUploadAsync(file, upload, NoLimit, Cancellation);

        Assert.Equal(first, second);
        Assert.Null(first!.ExpiresAt);
        Assert.Null(await Files.KeepUploadAsync(file with { Id = Guid.NewGuid() }, upload, NoLimit, Cancellation));
    }

    [Fact]
    public async Task An_id_is_free_again_once_its_file_has_expired_and_not_before()
    {
        var file = new NewClientFile(Guid.NewGuid(), "a", "vision", Hour);
        await Files.KeepUploadAsync(file, await UploadAsync("x"u8.ToArray()), NoLimit, Cancellation);
        var second = await UploadAsync("yz"u8.ToArray());

        // Another file has the id, and the upload is still there.
        Assert.Null(await Files.KeepUploadAsync(file, second, NoLimit, Cancellation));
        Assert.NotNull(await Store.BodyUploads.FindUploadAsync(second, Cancellation));
        Assert.Equal(1, (await Files.FindFileAsync(file.Id, Cancellation))!.Size);
        await PassAsync(2 * Hour);
        var kept = (await Files.KeepUploadAsync(file, second, NoLimit, Cancellation))!;

        Assert.Equal("yz"u8.ToArray(), await BytesAsync(kept));
        Assert.Equal(0, await Files.RemoveExpiredFilesAsync(10, Cancellation));
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
        Host.Verify();
    }

    [Fact]
    public async Task An_empty_file_has_no_bytes()
    {
        var file = await KeepAsync("empty.jsonl", "batch", []);

        Assert.Equal((0L, null), (file.Size, file.PayloadKey));
        Assert.True(await Files.RemoveFileAsync(file.Id, Cancellation));
    }

    [Fact]
    public async Task A_removed_file_releases_its_bytes()
    {
        var file = await KeepAsync("a", "batch", new byte[10]);

        Assert.True(await Files.RemoveFileAsync(file.Id, Cancellation));
        Assert.False(await Files.RemoveFileAsync(file.Id, Cancellation));

        Assert.Null(await Files.FindFileAsync(file.Id, Cancellation));
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
    }

    [Fact]
    public async Task An_expired_file_is_not_found_and_then_removed()
    {
        var (short_, long_, kept) = (
            await KeepAsync("short", "batch", new byte[10], Hour), await KeepAsync("long", "batch", new byte[10], 3 * Hour),
            await KeepAsync("kept", "batch", new byte[10]));
        await PassAsync(2 * Hour);

        Assert.Null(await Files.FindFileAsync(short_.Id, Cancellation));
        Assert.Equal([kept.Id, long_.Id], await IdsAsync(new() { Limit = 10 }));
        Assert.Equal(1, await Files.RemoveExpiredFilesAsync(10, Cancellation));
        Assert.Equal(0, await Files.RemoveExpiredFilesAsync(10, Cancellation));
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
    }

    [Fact]
    public async Task An_owner_keeps_no_more_files_and_bytes_than_allowed()
    {
        await KeepAsync("a", "batch", new byte[10], Hour);
        await KeepAsync("b", "batch", new byte[20]);
        var other = await UploadAsync(new byte[500], owner: null);
        Assert.NotNull(await Files.KeepUploadAsync(new(Guid.NewGuid(), "c", "batch", null), other, new(1, 500), Cancellation));
        Assert.Equal(new(2, 30), await Files.ReadUsageAsync("laptop", Cancellation));
        Assert.Equal(new(1, 500), await Files.ReadUsageAsync(null, Cancellation));
        Assert.Equal(new(0, 0), await Files.ReadUsageAsync("phone", Cancellation));
        var upload = await UploadAsync(new byte[5]);
        var file = new NewClientFile(Guid.NewGuid(), "d", "batch", null);

        Assert.Null(await Files.KeepUploadAsync(file, upload, new(2, 1000), Cancellation));
        Assert.Null(await Files.KeepUploadAsync(file, upload, new(3, 34), Cancellation));
        Assert.NotNull(await Store.BodyUploads.FindUploadAsync(upload, Cancellation));
        // What has expired does not count.
        await PassAsync(2 * Hour);
        Assert.NotNull(await Files.KeepUploadAsync(file, upload, new(2, 25), Cancellation));
        Assert.Equal(new(2, 25), await Files.ReadUsageAsync("laptop", Cancellation));
    }

    [Fact]
    public async Task Pages_go_through_all_files_of_a_purpose_in_both_orders()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++) ids.Add((await KeepAsync($"{i}", i % 2 == 0 ? "batch" : "vision", [1])).Id);
        Guid[] batch = [ids[0], ids[2], ids[4], ids[6]];

        Assert.Equal(batch.Reverse(), await WalkAsync(new() { Purpose = "batch", Limit = 3 }));
        Assert.Equal(batch, await WalkAsync(new() { Purpose = "batch", Limit = 3, OldestFirst = true }));
        Assert.Equal(ids.AsEnumerable().Reverse(), await WalkAsync(new() { Limit = 2 }));
        Assert.Equal(ids, await WalkAsync(new() { Limit = 2, OldestFirst = true }));
        Assert.Empty(await IdsAsync(new() { Purpose = "evals", Limit = 2 }));
        Assert.Null(await Files.ListFilesAsync(new() { After = Guid.NewGuid(), Limit = 2 }, Cancellation));
    }

    private async Task<List<Guid>> WalkAsync(ClientFileQuery query)
    {
        var all = new List<Guid>();
        while (await IdsAsync(query) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= query.Limit);
            all.AddRange(page);
            query = query with { After = page[^1] };
        }

        return all;
    }

    private async Task<List<Guid>> IdsAsync(ClientFileQuery query) =>
        [.. (await Files.ListFilesAsync(query, Cancellation))!.Select(file => file.Id)];

    private async Task<ClientFile> KeepAsync(string name, string purpose, byte[] bytes, TimeSpan? lifetime = null) =>
        (await Files.KeepUploadAsync(new(Guid.NewGuid(), name, purpose, lifetime), await UploadAsync(bytes), NoLimit, Cancellation))!;

    private async Task<Guid> UploadAsync(byte[] bytes, string? owner = "laptop")
    {
        var upload = (await Store.BodyUploads.StartUploadAsync(
            new NewBodyUpload(Guid.NewGuid(), owner, null, "{}", null, default), 100, TimeSpan.FromDays(1), Cancellation))!;
        if (bytes.Length > 0)
        {
            var result = await Store.BodyUploads.AppendUploadAsync(upload.Id, 0, bytes, long.MaxValue / 2, Cancellation);
            Assert.Equal(ChunkOutcome.Stored, result.Outcome);
        }

        return upload.Id;
    }

    private async Task<byte[]> BytesAsync(ClientFile file)
    {
        var bytes = new MemoryStream();
        await foreach (var piece in Store.Read.ReadPayloadAsync(file.PayloadKey!.Value, file.Size, Cancellation)) bytes.Write(piece.Span);
        return bytes.ToArray();
    }
}

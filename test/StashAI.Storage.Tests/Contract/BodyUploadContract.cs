using System.Security.Cryptography;
using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Store;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Bodies in chunks: durable when acknowledged, without gaps, each byte once.</summary>
public abstract class BodyUploadContract(IStoreHost host) : StoreContract(host)
{
    private const long Unlimited = long.MaxValue / 2;

    /// <summary>The size of a row of a payload.</summary>
    private const int Row = 1024 * 1024 / 3 * 3;

    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);

    private IBodyUploads Uploads => Store.BodyUploads;

    [Fact]
    public async Task An_upload_keeps_what_it_was_made_with()
    {
        var hash = SHA256.HashData("x"u8);

        var started = await StartAsync(key: "k", size: 7, hash: hash);

        var found = (await (await OpenAnotherAsync()).BodyUploads.FindUploadAsync(started.Id, Cancellation))!;
        Assert.Equal(
            (started.Id, "laptop", """{"service":"s"}""", 7L, null, 0L, Clock.GetUtcNow(), Clock.GetUtcNow(), null),
            (found.Id, found.Owner, found.Declaration, found.Size, found.PayloadKey, found.Received, found.CreatedAt, found.TouchedAt,
                found.JobId));
        Assert.Equal(hash, found.Sha256.ToArray());
        Assert.Null(await Uploads.FindUploadAsync(Guid.NewGuid(), Cancellation));
    }

    [Fact]
    public async Task The_same_key_or_id_finds_the_first_upload()
    {
        var first = await StartAsync(key: "k");
        var other = new NewBodyUpload(Guid.NewGuid(), "laptop", "k", "{}", null, default);

        Assert.Equal(first.Id, (await Uploads.StartUploadAsync(other, 10, Keep, Cancellation))!.Id);
        Assert.Equal(first.Id, (await Uploads.StartUploadAsync(other with { Id = first.Id, Key = null }, 10, Keep, Cancellation))!.Id);
        Assert.NotEqual(first.Id, (await StartAsync(key: "l")).Id);
        Assert.NotEqual((await StartAsync(key: null)).Id, (await StartAsync(key: null)).Id);
    }

    [Fact]
    public async Task A_key_is_free_again_when_its_upload_has_expired()
    {
        var first = await StartAsync(key: "k");
        await Uploads.AppendUploadAsync(first.Id, 0, new byte[10], Unlimited, Cancellation);
        await PassAsync(Keep + TimeSpan.FromSeconds(1));

        var second = await StartAsync(key: "k");

        Assert.NotEqual(first.Id, second.Id);
        Assert.Null(await Uploads.FindUploadAsync(first.Id, Cancellation));
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
    }

    [Fact]
    public async Task An_owner_has_so_many_open_uploads_and_bytes()
    {
        var first = await StartAsync(most: 2);
        var second = await StartAsync(most: 2);
        Assert.Null(await Uploads.StartUploadAsync(New(), 2, Keep, Cancellation));
        Assert.NotNull(await Uploads.StartUploadAsync(New() with { Owner = null }, 2, Keep, Cancellation));

        Assert.Equal(new(ChunkOutcome.Stored, 60), await Uploads.AppendUploadAsync(first.Id, 0, new byte[60], 100, Cancellation));
        Assert.Equal(new(ChunkOutcome.OverLimit, 0), await Uploads.AppendUploadAsync(second.Id, 0, new byte[41], 100, Cancellation));
        Assert.Equal(new(ChunkOutcome.Stored, 40), await Uploads.AppendUploadAsync(second.Id, 0, new byte[40], 100, Cancellation));
        await Uploads.CommitUploadAsync(first.Id, Guid.NewGuid(), Cancellation);
        Assert.NotNull(await Uploads.StartUploadAsync(New(), 2, Keep, Cancellation));
        Assert.Equal(new(ChunkOutcome.Stored, 100), await Uploads.AppendUploadAsync(second.Id, 40, new byte[60], 100, Cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(Row)]
    [InlineData(Row + 1)]
    [InlineData((3 * Row) - 1)]
    public async Task Chunks_of_any_size_make_the_same_body(int chunk)
    {
        var body = new byte[chunk < 100 ? 50 * chunk : (2 * Row) + 12345];
        Random.Shared.NextBytes(body);
        var upload = await StartAsync();

        for (var offset = 0; offset < body.Length; offset += chunk)
        {
            var part = body.AsMemory(offset, Math.Min(chunk, body.Length - offset));
            var result = await Uploads.AppendUploadAsync(upload.Id, offset, part, Unlimited, Cancellation);
            Assert.Equal(new(ChunkOutcome.Stored, offset + part.Length), result);
        }

        Assert.Equal(body, await ReadAsync(upload.Id));
    }

    [Fact]
    public async Task What_is_stored_may_come_again_in_other_pieces_but_not_with_other_bytes()
    {
        var body = new byte[Row + 5000];
        Random.Shared.NextBytes(body);
        var upload = await StartAsync(size: body.Length);
        await AppendAsync(upload, 0, body.AsMemory(0, Row + 1000), ChunkOutcome.Stored, Row + 1000);

        await AppendAsync(upload, 0, body.AsMemory(0, Row + 1000), ChunkOutcome.Stored, Row + 1000);
        await AppendAsync(upload, Row - 10, body.AsMemory(Row - 10, 20), ChunkOutcome.Stored, Row + 1000);
        await AppendAsync(upload, Row + 2000, body.AsMemory(Row + 2000), ChunkOutcome.Gap, Row + 1000);
        await AppendAsync(upload, 0, new byte[10], ChunkOutcome.Different, Row + 1000);
        await AppendAsync(upload, Row - 10, new byte[2000], ChunkOutcome.Different, Row + 1000);
        await AppendAsync(upload, Row + 900, new byte[4101], ChunkOutcome.Different, Row + 1000);
        await AppendAsync(upload, Row + 1000, new byte[4001], ChunkOutcome.TooLong, Row + 1000);
        await AppendAsync(upload, 10, body.AsMemory(10), ChunkOutcome.Stored, body.Length);
        await AppendAsync(upload, body.Length, Array.Empty<byte>(), ChunkOutcome.Stored, body.Length);

        Assert.Equal(body, await ReadAsync(upload.Id));
        await AppendAsync(upload with { Id = Guid.NewGuid() }, 0, body, ChunkOutcome.Unknown, 0);
    }

    [Fact]
    public async Task Chunks_that_come_at_once_are_stored_once()
    {
        var body = new byte[5000];
        Random.Shared.NextBytes(body);
        var upload = await StartAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Uploads.AppendUploadAsync(upload.Id, 0, body, Unlimited, Cancellation)));

        Assert.All(results, result => Assert.Equal(new(ChunkOutcome.Stored, body.Length), result));
        Assert.Equal(body, await ReadAsync(upload.Id));
    }

    [Fact]
    public async Task A_commit_keeps_the_first_job_and_releases_the_bytes()
    {
        var upload = await StartAsync(key: "k");
        await AppendAsync(upload, 0, new byte[100], ChunkOutcome.Stored, 100);
        var job = Guid.NewGuid();

        await Uploads.CommitUploadAsync(upload.Id, job, Cancellation);
        await Uploads.CommitUploadAsync(upload.Id, Guid.NewGuid(), Cancellation);

        var found = (await Uploads.FindUploadAsync(upload.Id, Cancellation))!;
        Assert.Equal((job, null, 100L), (found.JobId, found.PayloadKey, found.Received));
        await AppendAsync(upload, 100, new byte[1], ChunkOutcome.Committed, 100);
        Assert.Equal(upload.Id, (await StartAsync(key: "k")).Id);
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
        Assert.Equal(0, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
    }

    [Fact]
    public async Task Open_uploads_are_not_collected_and_removed_ones_are()
    {
        var upload = await StartAsync();
        await AppendAsync(upload, 0, new byte[100], ChunkOutcome.Stored, 100);
        Assert.Equal(0, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));

        Assert.True(await Uploads.RemoveUploadAsync(upload.Id, Cancellation));
        Assert.False(await Uploads.RemoveUploadAsync(upload.Id, Cancellation));

        Assert.Null(await Uploads.FindUploadAsync(upload.Id, Cancellation));
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
    }

    [Fact]
    public async Task Uploads_expire_after_their_last_chunk()
    {
        var (old, touched) = (await StartAsync(), await StartAsync());
        await AppendAsync(old, 0, new byte[100], ChunkOutcome.Stored, 100);
        await PassAsync(Keep / 2);
        await AppendAsync(touched, 0, new byte[100], ChunkOutcome.Stored, 100);
        await PassAsync((Keep / 2) + TimeSpan.FromSeconds(1));

        Assert.Equal(1, await Uploads.RemoveOldUploadsAsync(Keep, 10, Cancellation));
        Assert.Equal(0, await Uploads.RemoveOldUploadsAsync(Keep, 10, Cancellation));

        Assert.Null(await Uploads.FindUploadAsync(old.Id, Cancellation));
        Assert.NotNull(await Uploads.FindUploadAsync(touched.Id, Cancellation));
        Assert.Equal(1, await Store.Maintain.RemoveUnreferencedAsync(10, Cancellation));
    }

    private static NewBodyUpload New() => new(Guid.NewGuid(), "laptop", null, """{"service":"s"}""", null, default);

    private async Task<BodyUpload> StartAsync(string? key = null, long? size = null, byte[]? hash = null, int most = 100) =>
        (await Uploads.StartUploadAsync(New() with { Key = key, Size = size, Sha256 = hash }, most, Keep, Cancellation))!;

    private async Task AppendAsync(BodyUpload upload, long offset, ReadOnlyMemory<byte> bytes, ChunkOutcome outcome, long received) =>
        Assert.Equal(
            new(outcome, received), await Uploads.AppendUploadAsync(upload.Id, offset, bytes, Unlimited, Cancellation));

    private async Task<byte[]> ReadAsync(Guid id)
    {
        var upload = (await Uploads.FindUploadAsync(id, Cancellation))!;
        var bytes = new MemoryStream();
        await foreach (var piece in Store.Read.ReadPayloadAsync(upload.PayloadKey!.Value, upload.Received, Cancellation))
            bytes.Write(piece.Span);
        return bytes.ToArray();
    }
}

using System.Security.Cryptography;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads;
using StashAI.Storage.Payloads.Objects;
using StashAI.Storage.Payloads.Segments;
using StashAI.Testing.Objects;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Storage.Tests.Objects;

/// <summary>Segments as objects of a scripted S3 server, which checks signatures and parts as S3 does.</summary>
public sealed class SegmentBucketTests
{
    private const string Segment = "1-00000000000000000000000000000001-0.obj";
    private const int Part = 8 * 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(Part)]
    [InlineData(Part + 1)]
    [InlineData((2 * Part) + 12_345)]
    public async Task A_small_segment_is_one_request_and_a_large_one_is_in_parts(int size)
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        using var bucket = Connect(server);
        var bytes = Bytes(size);

        await WriteAsync(bucket, bytes);

        var key = $"stash/queue/{Segment}";
        var parts = (size + Part - 1) / Part;
        string[] expected = parts == 1
            ? [$"PUT {key}"]
            : [$"POST {key}?uploads", .. Enumerable.Range(1, parts).Select(number => $"PUT {key}?partNumber={number}"), $"POST {key}"];
        Assert.Equal(expected, server.Requests);
        Assert.Equal(bytes, server.Objects[key]);
        Assert.Equal(bytes, await ReadAsync(bucket, bytes));
    }

    [Fact]
    public async Task A_lost_answer_at_any_request_does_no_harm()
    {
        var bytes = Bytes(250_000);
        for (var at = 1; ; at++)
        {
            await using var server = await ScriptedS3.StartAsync(minPart: 1, Cancellation);
            using var bucket = BucketShelf(server);
            server.Script = (number, _) => number == at ? S3Fault.LoseAnswer : S3Fault.None;

            await WriteAsync(bucket, bytes);
            Assert.Equal(bytes, await ReadAsync(bucket, bytes));
            await bucket.DeleteAsync(Segment, isBroken: false);

            Assert.Empty(server.Objects);
            if (server.Requests.Count < at) break;
            // Only the beginning of an upload may leave one behind, which is swept when its node is lost.
            Assert.InRange(server.Uploads, 0, at == 1 ? 1 : 0);
            await bucket.DeleteAsync(Segment, isBroken: true);
            Assert.Equal(0, server.Uploads);
        }
    }

    [Theory]
    [InlineData(S3Fault.Break, false)]
    [InlineData(S3Fault.Busy, false)]
    [InlineData(S3Fault.Denied, false)]
    [InlineData(S3Fault.Full, true)]
    public async Task A_server_that_goes_down_at_any_request_refuses_the_segment_and_nothing_is_left(S3Fault fault, bool isFull)
    {
        var bytes = Bytes(250_000);
        for (var at = 1; at <= 5; at++)
        {
            await using var server = await ScriptedS3.StartAsync(minPart: 1, Cancellation);
            using var bucket = BucketShelf(server);
            server.Script = (number, _) => number >= at ? fault : S3Fault.None;
            using var sink = await bucket.CreateAsync(Segment);

            var error = await Assert.ThrowsAsync<PayloadFileException>(async () =>
            {
                await sink.AppendAsync(bytes);
                await sink.FlushAsync();
            });

            Assert.Equal(isFull, error.IsDiskFull);
            Assert.Equal(isFull ? StoreTrouble.DiskFull : StoreTrouble.Unavailable, StoreTroubles.Of(error));
            Assert.DoesNotContain(ScriptedS3.KeyId, error.Message, StringComparison.Ordinal);
            server.Script = (_, _) => S3Fault.None;
            await sink.DiscardAsync();
            Assert.Equal((0, 0), (server.Objects.Count, server.Uploads));
        }
    }

    [Fact]
    public async Task An_upload_that_was_aborted_at_the_server_is_refused()
    {
        await using var server = await ScriptedS3.StartAsync(minPart: 1, Cancellation);
        using var bucket = BucketShelf(server);
        using var sink = await bucket.CreateAsync(Segment);
        await sink.AppendAsync(Bytes(250_000));

        await bucket.DeleteAsync(Segment, isBroken: true);

        await Assert.ThrowsAsync<UploadLostException>(sink.FlushAsync);
        Assert.Empty(server.Objects);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(9, false)]
    public async Task A_reading_that_breaks_off_is_repeated_some_times(int times, bool isRead)
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        using var bucket = Connect(server);
        var bytes = Bytes(100_000);
        await WriteAsync(bucket, bytes);
        var left = times;
        server.Script = (_, words) => words.StartsWith("GET", StringComparison.Ordinal) && left-- > 0 ? S3Fault.CutAnswer : S3Fault.None;

        if (isRead)
        {
            Assert.Equal(bytes, await ReadAsync(bucket, bytes));
            return;
        }

        var error = await Assert.ThrowsAsync<PayloadFileException>(() => ReadAsync(bucket, bytes));
        Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
        // The client below would repeat a request that had no answer at all more often.
        Assert.Equal(3, server.Requests.Count(words => words.StartsWith("GET", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_answer_that_does_not_say_its_length_is_whole()
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        using var bucket = Connect(server);
        var bytes = Bytes(2_500_000);
        await WriteAsync(bucket, bytes);
        server.Script = (_, _) => S3Fault.NoLength;

        Assert.Equal(bytes, await ReadAsync(bucket, bytes));
    }

    [Fact]
    public async Task Bytes_that_were_not_asked_for_are_not_taken_for_the_payload()
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        using var bucket = Connect(server);
        var bytes = Bytes(2_500_000);
        await WriteAsync(bucket, bytes);
        server.Script = (_, _) => S3Fault.NoRange;

        var error = await Assert.ThrowsAsync<PayloadFileException>(() => ReadAsync(bucket, bytes));

        Assert.Contains("does not answer with the part", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(S3Fault.Break)]
    [InlineData(S3Fault.Busy)]
    [InlineData(S3Fault.Denied)]
    public async Task What_cannot_be_read_for_now_is_not_lost(S3Fault fault)
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        using var bucket = Connect(server);
        var bytes = Bytes(1_000);
        await WriteAsync(bucket, bytes);
        server.Script = (_, _) => fault;
        await Assert.ThrowsAsync<PayloadFileException>(() => ReadAsync(bucket, bytes));
        server.Script = (_, _) => S3Fault.None;
        Assert.Equal(bytes, await ReadAsync(bucket, bytes));

        await bucket.DeleteAsync(Segment, isBroken: false);

        Assert.Contains(
            $"s3://{ScriptedS3.Bucket}/stash/queue/{Segment} is missing",
            (await Assert.ThrowsAsync<PayloadLostException>(() => ReadAsync(bucket, bytes))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_segments_are_listed_over_several_pages_whole_or_not()
    {
        await using var server = await ScriptedS3.StartAsync(minPart: 1, Cancellation);
        using var bucket = BucketShelf(server);
        var names = Enumerable.Range(0, 10).Select(i => SegmentName.Of(i, Guid.NewGuid(), 0, bucket.Extension)).ToList();
        foreach (var name in names)
        {
            using var sink = await bucket.CreateAsync(name);
            await sink.AppendAsync(Bytes(250_000));
            if (names.IndexOf(name) % 2 == 0) await sink.FlushAsync();
        }

        server.Objects["stash/other/1.obj"] = [];
        server.Objects["stash/queue/notes.txt"] = [];

        Assert.Equal(names.Order(StringComparer.Ordinal), (await bucket.ListAsync(Cancellation)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_start_checks_what_it_will_need_and_leaves_nothing()
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);

        using var bucket = await SegmentBucket.OpenAsync(Settings(server.Payloads), "queue", Cancellation);

        Assert.Empty(server.Objects);
        const string Key = "stash/queue/access-check";
        Assert.Equal(
            ["GET ?list-type=2&prefix=" + Key, $"PUT {Key}", $"GET {Key}", $"DELETE {Key}"], server.Requests.Select(words => words));
    }

    [Theory]
    [InlineData("bucket", "There is no bucket others", true)]
    [InlineData("id", "InvalidAccessKeyId", true)]
    [InlineData("secret", "SignatureDoesNotMatch", true)]
    [InlineData("region", "set region=", true)]
    [InlineData("PUT", "may not use", true)]
    [InlineData("DELETE", "may not use", true)]
    [InlineData("down", "the connection was refused", false)]
    public async Task A_start_says_what_is_wrong(string what, string expected, bool isSetting)
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        using var refusing = RefusingPort.Take();
        server.Script = (_, words) => words.StartsWith(what, StringComparison.Ordinal) ? S3Fault.Denied : S3Fault.None;
        var address = what switch
        {
            "bucket" => server.Payloads.Replace("photos", "others", StringComparison.Ordinal),
            "region" => server.Payloads + "&region=eu-central-1",
            "down" => $"s3://photos/stash?endpoint=http://127.0.0.1:{refusing.Port}",
            _ => server.Payloads,
        };
        var keys = new S3Keys(what == "id" ? "other" : ScriptedS3.KeyId, what == "secret" ? "other" : ScriptedS3.Secret, null);

        var error = await Assert.ThrowsAsync<StoreOpenException>(
            () => SegmentBucket.OpenAsync(new S3Settings(S3Address.Parse(address), keys), "queue", Cancellation));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(isSetting, error.IsSetting);
        Assert.DoesNotContain(ScriptedS3.KeyId, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedS3.Secret, error.Message, StringComparison.Ordinal);
    }

    private static S3Settings Settings(string payloads) =>
        new(S3Address.Parse(payloads), new S3Keys(ScriptedS3.KeyId, ScriptedS3.Secret, null));

    private static SegmentBucket Connect(ScriptedS3 server) => SegmentBucket.Connect(Settings(server.Payloads), "queue");

    private static SegmentBucket BucketShelf(ScriptedS3 server) =>
        Contract.BucketShelf.Connect(server, rollSize: 1_000_000, partSize: 100_000);

    private static async Task WriteAsync(SegmentBucket bucket, byte[] bytes)
    {
        using var sink = await bucket.CreateAsync(Segment);
        for (var from = 0; from < bytes.Length; from += 700_001)
            await sink.AppendAsync(bytes.AsMemory(from, Math.Min(700_001, bytes.Length - from)));
        await sink.FlushAsync();
    }

    private static async Task<byte[]> ReadAsync(SegmentBucket bucket, byte[] bytes)
    {
        using var whole = new MemoryStream();
        await foreach (var piece in SegmentReader.ReadAsync(
            bucket, new PayloadPlace(Segment, 0, bytes.Length, SHA256.HashData(bytes)), Cancellation))
        {
            whole.Write(piece.Span);
        }

        return whole.ToArray();
    }

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}

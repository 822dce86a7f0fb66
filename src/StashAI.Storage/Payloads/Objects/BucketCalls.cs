using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Amazon.S3;
using Amazon.S3.Model;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Payloads.Objects;

/// <summary>The requests that segments need, by the keys of objects. Errors of the server become those that the queue knows.</summary>
internal sealed class BucketCalls(IAmazonS3 client, S3Address address) : IDisposable
{
    public void Dispose() => client.Dispose();

    /// <summary>How many bytes an object has; null when it is missing.</summary>
    public async Task<long?> FindSizeAsync(string key, CancellationToken cancellationToken)
    {
        var answer = await OrMissingAsync(
            () => client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = address.Bucket, Key = key }, cancellationToken),
            cancellationToken);
        return answer?.ContentLength;
    }

    /// <summary>Stores a whole object.</summary>
    public Task PutAsync(string key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => ExplainedAsync(
        () => client.PutObjectAsync(
            new PutObjectRequest { BucketName = address.Bucket, Key = key, InputStream = StreamOf(bytes), UseChunkEncoding = false },
            cancellationToken),
        cancellationToken);

    /// <summary>Begins an upload in parts; returns its id.</summary>
    public async Task<string> BeginAsync(string key, CancellationToken cancellationToken) => (await ExplainedAsync(
        () => client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = address.Bucket, Key = key }, cancellationToken),
        cancellationToken)).UploadId;

    /// <summary>Stores a part, counted from 1.</summary>
    /// <exception cref="UploadLostException">The upload was aborted.</exception>
    public async Task<PartETag> PutPartAsync(
        string key, string upload, int number, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var answer = await OrMissingAsync(
            () => client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = address.Bucket,
                    Key = key,
                    UploadId = upload,
                    PartNumber = number,
                    InputStream = StreamOf(bytes),
                    PartSize = bytes.Length,
                    UseChunkEncoding = false,
                },
                cancellationToken),
            cancellationToken) ?? throw new UploadLostException();
        return new PartETag(number, answer.ETag);
    }

    /// <summary>Makes an object of the parts; false when the upload is over, or was aborted.</summary>
    public async Task<bool> CompleteAsync(string key, string upload, List<PartETag> parts, CancellationToken cancellationToken) =>
        await OrMissingAsync(
            () => client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = address.Bucket, Key = key, UploadId = upload, PartETags = parts },
                cancellationToken),
            cancellationToken) is not null;

    /// <summary>Removes the parts of an upload; one that is over is fine, and so is a server that cannot do it.</summary>
    public async Task AbortAsync(string key, string upload, CancellationToken cancellationToken)
    {
        try
        {
            await OrMissingAsync(
                () => client.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest { BucketName = address.Bucket, Key = key, UploadId = upload }, cancellationToken),
                cancellationToken);
        }
        catch (PayloadFileException exception) when (IsUnknown(exception))
        {
            // A small server, which keeps parts.
        }
    }

    /// <summary>Removes an object; a missing one is fine.</summary>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => OrMissingAsync(
        () => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = address.Bucket, Key = key }, cancellationToken),
        cancellationToken);

    /// <summary>Reads bytes from an offset; null behind the end of the object.</summary>
    /// <exception cref="PayloadLostException">The object is missing.</exception>
    public Task<GetObjectResponse?> GetAsync(string key, long offset, int length, CancellationToken cancellationToken) =>
        ExplainedAsync(
            async () =>
            {
                try
                {
                    return (GetObjectResponse?)await client.GetObjectAsync(
                        new GetObjectRequest
                        {
                            BucketName = address.Bucket,
                            Key = key,
                            ByteRange = new ByteRange(offset, offset + length - 1),
                        },
                        cancellationToken);
                }
                catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    return null;
                }
                catch (AmazonS3Exception exception) when (IsMissing(exception))
                {
                    throw SegmentErrors.Lost($"s3://{address.Bucket}/{key}", "is missing", exception);
                }
            },
            cancellationToken);

    /// <summary>The keys of objects that begin with a text.</summary>
    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = address.Bucket, Prefix = prefix };
        while (true)
        {
            var page = await ExplainedAsync(() => client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (var one in page.S3Objects ?? []) yield return one.Key;
            if (page.IsTruncated != true) yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    /// <summary>The uploads in parts that are not over, by the beginning of their keys; none on a server that cannot list them.</summary>
    public async IAsyncEnumerable<MultipartUpload> ListUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = address.Bucket, Prefix = prefix };
        while (true)
        {
            ListMultipartUploadsResponse page;
            try
            {
                page = await ExplainedAsync(() => client.ListMultipartUploadsAsync(request, cancellationToken), cancellationToken);
            }
            catch (PayloadFileException exception) when (IsUnknown(exception))
            {
                yield break;
            }

            foreach (var upload in page.MultipartUploads ?? []) yield return upload;
            if (page.IsTruncated != true) yield break;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    /// <summary>An error of the server as the queue knows it; null for another.</summary>
    public PayloadFileException? Explain(Exception exception) => S3Trouble.Of(exception, address)?.ToException(exception);

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes)
    {
        _ = MemoryMarshal.TryGetArray(bytes, out var array);
        return new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
    }

    private static bool IsMissing(AmazonS3Exception exception) =>
        exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode != "NoSuchBucket";

    private static bool IsUnknown(PayloadFileException exception) =>
        exception.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed };

    private async Task<T> ExplainedAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && Explain(exception) is not null)
        {
            throw Explain(exception)!;
        }
    }

    private async Task<T?> OrMissingAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await ExplainedAsync(call, cancellationToken);
        }
        catch (PayloadFileException exception) when (exception.InnerException is AmazonS3Exception inner && IsMissing(inner))
        {
            return null;
        }
    }
}

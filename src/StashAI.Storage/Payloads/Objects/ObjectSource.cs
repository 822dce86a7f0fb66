using System.Net;
using Amazon.S3.Model;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Payloads.Objects;

/// <summary>An object that is read in pieces, each with a request of its own. One that breaks off is repeated.</summary>
internal sealed class ObjectSource(SegmentBucket bucket, string segment) : ISegmentSource
{
    private const int MaxTries = 3;

    public async ValueTask<int> ReadAsync(Memory<byte> destination, long offset, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            using var answer = await bucket.GetAsync(segment, offset, destination.Length, cancellationToken);
            if (answer is null) return 0;
            if (answer.HttpStatusCode != HttpStatusCode.PartialContent && offset > 0) throw NoRanges();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(S3Clients.RequestTimeout);
            try
            {
                return await answer.ResponseStream.ReadAtLeastAsync(
                    destination, (int)Math.Min(destination.Length, answer.ContentLength), throwOnEndOfStream: true, limit.Token);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && bucket.Explain(exception) is not null)
            {
                if (tries == MaxTries) throw bucket.Explain(exception)!;
            }
        }
    }

    public void Dispose()
    {
    }

    private PayloadFileException NoRanges() => new(
        $"{bucket.PathOf(segment)} cannot be read because its server does not answer requests for a part of an object: use another server.",
        isDiskFull: false);
}

using System.Net;
using System.Net.Http.Headers;
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
            var length = Math.Min(destination.Length, LengthOf(answer, offset) ?? destination.Length);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(S3Clients.RequestTimeout);
            try
            {
                // An answer that ends before its length is one that broke off.
                await answer.ResponseStream.ReadExactlyAsync(destination[..(int)length], limit.Token);
                return (int)length;
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

    /// <summary>How many bytes the answer has, which a server between may only say in the range; null when it does not say it.</summary>
    /// <exception cref="PayloadFileException">They are not those from the offset.</exception>
    private long? LengthOf(GetObjectResponse answer, long offset)
    {
        var range = ContentRangeHeaderValue.TryParse(answer.ContentRange, out var parsed) ? parsed : null;
        var start = answer.HttpStatusCode == HttpStatusCode.PartialContent ? range?.From ?? offset : 0;
        if (start != offset) throw NoRanges();
        return range is { From: { } from, To: { } to } ? to - from + 1 : answer.ContentLength > 0 ? answer.ContentLength : null;
    }

    private PayloadFileException NoRanges() => new(
        $"{bucket.PathOf(segment)} cannot be read because its server does not answer with the part of the object that it was asked for: "
        + "use another server.",
        isDiskFull: false);
}

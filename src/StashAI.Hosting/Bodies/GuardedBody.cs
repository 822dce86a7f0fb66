using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace StashAI.Hosting.Bodies;

/// <summary>
/// The body of one request. A read that fails because of what the client sent throws <see cref="BadHttpRequestException"/>, whatever
/// exception the server's parser throws. A body that arrives too slowly throws <see cref="SlowUploadException"/>. Nothing is copied.
/// </summary>
internal sealed class GuardedBody : PipeReader, IDisposable
{
    private readonly PipeReader inner;
    private readonly UploadPace pace;
    private readonly TimeProvider clock;
    private readonly CancellationToken requestAborted;
    private readonly Action onSlow;
    private ITimer? timer;
    private ReadOnlySequence<byte> lastBuffer;
    private long unreadBytes;
    private double windowBytes;
    private TimeSpan windowTime;
    private int isReadCancelled;

    /// <param name="inner">The server's reader.</param>
    /// <param name="pace">The slowest rate at which the body may arrive.</param>
    /// <param name="clock">Measures how long reads wait for the client.</param>
    /// <param name="onSlow">Called before the read throws <see cref="SlowUploadException"/>.</param>
    /// <param name="requestAborted">Cancelled when the client disconnects.</param>
    public GuardedBody(PipeReader inner, UploadPace pace, TimeProvider clock, Action onSlow, CancellationToken requestAborted) =>
        (this.inner, this.pace, this.clock, this.onSlow, this.requestAborted) = (inner, pace, clock, onSlow, requestAborted);

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var result = await ReadInnerAsync(cancellationToken);
            if (IsTooSlow() && !result.IsCompleted)
            {
                inner.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
                onSlow();
                throw new SlowUploadException(pace);
            }

            if (!result.IsCanceled || Interlocked.Exchange(ref isReadCancelled, 0) == 1) return result;
            // Our own timer woke the read; the caller did not cancel it and must not see a cancelled result.
            if (!result.Buffer.IsEmpty || result.IsCompleted) return new ReadResult(result.Buffer, isCanceled: false, result.IsCompleted);
            inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        try
        {
            if (!inner.TryRead(out result)) return false;
        }
        catch (Exception exception) when (IsClientFault(exception))
        {
            throw ToBadRequest(exception);
        }

        CountBytes(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        unreadBytes = lastBuffer.Slice(consumed).Length;
        lastBuffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        Interlocked.Exchange(ref isReadCancelled, 1);
        inner.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    public void Dispose() => timer?.Dispose();

    private async ValueTask<ReadResult> ReadInnerAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reading = inner.ReadAsync(cancellationToken);
            ReadResult result;
            if (reading.IsCompleted || pace.BytesPerSecond == 0)
            {
                result = await reading;
            }
            else
            {
                var start = clock.GetTimestamp();
                WakeAfter(pace.Window - windowTime);
                try
                {
                    result = await reading;
                }
                finally
                {
                    WakeAfter(Timeout.InfiniteTimeSpan);
                    windowTime += clock.GetElapsedTime(start);
                }
            }

            CountBytes(result);
            return result;
        }
        catch (Exception exception) when (IsClientFault(exception))
        {
            throw ToBadRequest(exception);
        }
    }

    private void WakeAfter(TimeSpan due)
    {
        if (timer is null)
        {
            timer = clock.CreateTimer(static body => ((GuardedBody)body!).inner.CancelPendingRead(), this, due, Timeout.InfiniteTimeSpan);
        }
        else
        {
            timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Counts the new bytes only: an earlier read has counted those that the caller left unread.</summary>
    private void CountBytes(ReadResult result)
    {
        lastBuffer = result.Buffer;
        windowBytes += result.Buffer.Length - unreadBytes;
        unreadBytes = result.Buffer.Length;
    }

    /// <summary>Checks the rate at the end of each window and starts the next window.</summary>
    private bool IsTooSlow()
    {
        if (pace.BytesPerSecond == 0 || windowTime < pace.Window) return false;
        var isTooSlow = windowBytes < pace.BytesPerWindow;
        (windowBytes, windowTime) = (0, TimeSpan.Zero);
        return isTooSlow;
    }

    /// <summary>
    /// True when the client caused the error. Kestrel throws <see cref="IOException"/> for a chunk of 2^31 bytes or more, which would
    /// otherwise look like a fault of the server's disk.
    /// </summary>
    private bool IsClientFault(Exception error) =>
        error is IOException or OverflowException or InvalidDataException or FormatException
        && error is not (BadHttpRequestException or ConnectionResetException)
        && !requestAborted.IsCancellationRequested;

    private static BadHttpRequestException ToBadRequest(Exception error) =>
        new(
            $"The request body cannot be read: {error.Message.TrimEnd('.')}. "
            + "Its chunks or its length are malformed; send the request again.",
            StatusCodes.Status400BadRequest,
            error);
}

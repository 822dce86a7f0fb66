using System.Net;

namespace StashAI.Client.Http;

/// <summary>A body that is made while it is sent.</summary>
internal abstract class SentContent : HttpContent
{
    /// <summary>What went wrong on this side while the body was made: a file that cannot be read, an item that cannot be written.</summary>
    public Exception? Fault { get; private set; }

    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        WriteAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <summary>Runs what reads from the caller, so that its faults can be told from those of the connection.</summary>
    protected async ValueTask<T> FromCallerAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fault = exception;
            throw;
        }
    }
}

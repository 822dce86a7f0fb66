using System.Text.Json;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Live.Reads;

/// <summary>The database could not be read. The client did nothing wrong; the read is tried again.</summary>
internal sealed class LiveReadException(Exception inner) : Exception(inner.Message, inner)
{
    /// <summary>Tells errors of a read from errors of the client's connection.</summary>
    public static async Task<T> GuardAsync<T>(Task<T> read)
    {
        try
        {
            return await read;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new LiveReadException(exception);
        }
    }

    /// <summary>The same for an interaction; an error of its sender stays a <see cref="RequestException"/>.</summary>
    public static async Task GuardAsync(
        ILiveInteractions interactions, string session, JsonElement data, CancellationToken cancellationToken)
    {
        try
        {
            await interactions.RecordAsync(session, data, cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or RequestException))
        {
            throw new LiveReadException(exception);
        }
    }
}

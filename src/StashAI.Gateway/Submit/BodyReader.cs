using System.Security.Cryptography;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Problems;

namespace StashAI.Gateway.Submit;

/// <summary>
/// Reads the bodies of requests. When the server stops, requests of slow clients are refused, so that they do not delay it.
/// </summary>
internal sealed class BodyReader(IntakeLimits limits, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>How long a client may continue to send after it was refused because the server is stopping.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Reads a body. False when the server is stopping; then the refusal was sent.</summary>
    public async Task<bool> ReadAsync(HttpContext context, Func<CancellationToken, Task> read)
    {
        // A cancelled token would leave a pending read in the pipe, and the rest could not be read.
        await using var stop = lifetime.ApplicationStopping.Register(context.Request.BodyReader.CancelPendingRead);
        try
        {
            await read(context.RequestAborted);
            return true;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context);
            return false;
        }
    }

    /// <summary>Reads a document without items. Null when the server is stopping; then the refusal was sent.</summary>
    public async Task<BodyEnvelope?> ReadAsync(HttpContext context, IncrementalHash? digest = null)
    {
        BodyEnvelope? envelope = null;
        await ReadAsync(context, async cancellationToken =>
        {
            await BodyType.RequireJsonAsync(context.Request, [], cancellationToken);
            envelope = await ItemIntake.ReadJsonAsync(
                context.Request.BodyReader, BodyShape.Plain, NoItems.Instance, limits, cancellationToken, digest);
        });
        return envelope;
    }

    /// <summary>True when the request has a body.</summary>
    public static async Task<bool> HasBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength == 0) return false;
        var reader = context.Request.BodyReader;
        var first = await reader.ReadAsync(context.RequestAborted);
        reader.AdvanceTo(first.Buffer.Start);
        return !(first.IsCompleted && first.Buffer.IsEmpty);
    }

    /// <summary>Refuses the request. Without this, Kestrel would wait for the rest of the body until the stop times out.</summary>
    private async Task RefuseAsync(HttpContext context)
    {
        await Problem.Unavailable("The server is stopping and stored nothing of this request: send it again.").ExecuteAsync(context);
        await context.Response.CompleteAsync();
        using var timeout = new CancellationTokenSource(DrainTimeout, clock);
        try
        {
            // A client that is still sending can read the answer only if the connection is not reset.
            await context.Request.Body.CopyToAsync(Stream.Null, timeout.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }
}

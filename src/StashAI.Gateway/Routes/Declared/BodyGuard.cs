using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>Keeps a slow upload from holding up the end of the server: it is refused.</summary>
internal sealed class BodyGuard(IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>What a client has to stop sending when it was refused because the server stops.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Reads a body; false when the server stopped meanwhile, and then the request is answered.</summary>
    public async Task<bool> ReadAsync(HttpContext context, Func<CancellationToken, Task> read)
    {
        // A cancelled token would leave a read in the pipe, and nobody could read the rest.
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

    /// <summary>Kestrel would wait for the rest of the body for as long as the server may take to stop.</summary>
    private async Task RefuseAsync(HttpContext context)
    {
        await Problem.Unavailable("The server is stopping and took nothing of this upload: send it again.").ExecuteAsync(context);
        await context.Response.CompleteAsync();
        using var patience = new CancellationTokenSource(Farewell, clock);
        try
        {
            // A client that is still sending reads the answer only if the connection is not reset under it.
            await context.Request.Body.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }
}

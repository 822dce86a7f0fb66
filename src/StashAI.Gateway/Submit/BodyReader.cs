using System.Security.Cryptography;
using StashAI.Gateway.Intake;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Submit;

/// <summary>Reads the bodies of requests. A slow client must not hold up the end of the server.</summary>
internal sealed class BodyReader(IntakeLimits limits, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>What a client has to stop sending when it was refused because the server stops.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private static readonly IntakeShape Plain = new();

    /// <summary>Reads a body whose payloads go to the sink. Null when the server stops: the refusal was sent.</summary>
    public async Task<IntakeResult?> ReadAsync(HttpContext context, IntakeShape shape, IIntakeSink sink, IncrementalHash? digest = null)
    {
        // A cancelled token would leave a read in the pipe, and nobody could read the rest.
        await using var stop = lifetime.ApplicationStopping.Register(context.Request.BodyReader.CancelPendingRead);
        try
        {
            return await JsonIntake.ReadAsync(context.Request.BodyReader, shape, sink, limits, context.RequestAborted, digest);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context);
            return null;
        }
    }

    /// <summary>Reads a small document.</summary>
    public Task<IntakeResult?> ReadAsync(HttpContext context, IncrementalHash? digest = null) =>
        ReadAsync(context, Plain, NoPayloads.Instance, digest);

    /// <summary>True when a body comes at all.</summary>
    public static async Task<bool> HasBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength == 0) return false;
        var reader = context.Request.BodyReader;
        var first = await reader.ReadAsync(context.RequestAborted);
        reader.AdvanceTo(first.Buffer.Start);
        return !(first.IsCompleted && first.Buffer.IsEmpty);
    }

    /// <summary>Kestrel would wait for the rest of the body for as long as the server may take to stop.</summary>
    private async Task RefuseAsync(HttpContext context)
    {
        await Problem.Unavailable("The server is stopping and took nothing of this request: send it again.").ExecuteAsync(context);
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

using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Submit;

/// <summary>How a route reads a body: where its items are, who receives them, and the resulting job.</summary>
internal abstract class JobForm
{
    /// <summary>Where the items are in the body.</summary>
    public abstract BodyShape Shape { get; }

    /// <summary>Receives the items.</summary>
    public abstract IItemSink Sink { get; }

    /// <summary>The media types that it reads besides JSON.</summary>
    protected virtual IReadOnlyList<string> OtherTypes => [];

    /// <summary>Reads the body. By default it must be a JSON document.</summary>
    public virtual async Task<BodyEnvelope> ReadAsync(
        HttpContext context, IntakeLimits limits, IncrementalHash? digest, CancellationToken cancellationToken)
    {
        await BodyType.RequireJsonAsync(context.Request, OtherTypes, cancellationToken);
        return await ItemIntake.ReadJsonAsync(context.Request.BodyReader, Shape, Sink, limits, cancellationToken, digest);
    }

    /// <summary>Completes the job after the whole body was read.</summary>
    /// <param name="body">The body without its items.</param>
    /// <param name="cancellationToken">Cancels remaining look-ups.</param>
    /// <exception cref="RequestException">The body is not valid.</exception>
    public abstract Task<Submission> CompleteAsync(BodyEnvelope body, CancellationToken cancellationToken);

    /// <summary>The root of the body, which must be an object.</summary>
    protected static JsonElement Object(BodyEnvelope body) => body.Root.ValueKind == JsonValueKind.Object
        ? body.Root
        : throw RequestException.Missing("body", "The body must be a JSON object.");
}

/// <summary>Creates the form for a request, whose items go into this upload.</summary>
internal delegate JobForm JobFormOpener(MirroredUpload upload);

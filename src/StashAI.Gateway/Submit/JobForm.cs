using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Gateway.Intake.Records;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Submit;

/// <summary>How a route reads a body: where its items are, who receives them, and the resulting job.</summary>
internal abstract class JobForm
{
    /// <summary>Where the items are in the body.</summary>
    public abstract RecordShape Shape { get; }

    /// <summary>Receives the items.</summary>
    public abstract IRecordSink Sink { get; }

    /// <summary>Reads the body. By default it must be a JSON document.</summary>
    public virtual Task<RecordEnvelope> ReadAsync(
        HttpContext context, IntakeLimits limits, IncrementalHash? digest, CancellationToken cancellationToken) =>
        RecordIntake.ReadJsonAsync(context.Request.BodyReader, Shape, Sink, limits, cancellationToken, digest);

    /// <summary>Completes the job after the whole body was read.</summary>
    /// <param name="body">The body without its items.</param>
    /// <param name="cancellationToken">Cancels remaining look-ups.</param>
    /// <exception cref="RequestException">The body is not valid.</exception>
    public abstract Task<Submission> CompleteAsync(RecordEnvelope body, CancellationToken cancellationToken);

    /// <summary>The root of the body, which must be an object.</summary>
    protected static JsonElement Object(RecordEnvelope body) => body.Root.ValueKind == JsonValueKind.Object
        ? body.Root
        : throw RequestException.Missing("body", "The body must be a JSON object.");
}

/// <summary>Creates the form for a request, whose items go into this upload.</summary>
internal delegate JobForm JobFormOpener(MirroredUpload upload);

using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Gateway.Intake.Records;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Submit;

/// <summary>What a route makes of one body: where its items are, who takes them, and what job they are.</summary>
internal abstract class JobForm
{
    /// <summary>Where the body holds items.</summary>
    public abstract RecordShape Shape { get; }

    /// <summary>Takes the items.</summary>
    public abstract IRecordSink Sink { get; }

    /// <summary>Reads the body; a JSON document unless the form takes others too.</summary>
    public virtual Task<RecordEnvelope> ReadAsync(HttpContext context, IntakeLimits limits, IncrementalHash? digest, CancellationToken cancellationToken) =>
        RecordIntake.ReadJsonAsync(context.Request.BodyReader, Shape, Sink, limits, cancellationToken, digest);

    /// <summary>The whole body was read.</summary>
    /// <param name="body">What is left of it.</param>
    /// <param name="cancellationToken">Cancels what is still to be looked up.</param>
    /// <exception cref="RequestException">It cannot be used.</exception>
    public abstract Task<Submission> CompleteAsync(RecordEnvelope body, CancellationToken cancellationToken);

    /// <summary>The root of a body that must be an object.</summary>
    protected static JsonElement Object(RecordEnvelope body) => body.Root.ValueKind == JsonValueKind.Object
        ? body.Root
        : throw RequestException.Missing("body", "The body must be a JSON object.");
}

/// <summary>Begins the form of one request, whose items go into this upload.</summary>
internal delegate JobForm JobFormOpener(HeldUpload upload);

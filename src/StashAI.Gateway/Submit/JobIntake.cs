using System.Text.Json;
using StashAI.Gateway.Intake.Records;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Submit;

/// <summary>Takes every submit alike, from the body's first byte to the answer: items are stored while they arrive.</summary>
internal sealed class JobIntake(HeldUploads uploads, BodyReader bodies, Submitter submitter, IdempotencyKeys keys, IntakeLimits limits)
{
    /// <summary>Takes a request whose route says what form its body has.</summary>
    public async Task SubmitAsync(HttpContext context, JobFormOpener open)
    {
        using var idempotency = keys.Begin(context);
        await SubmitAsync(context, open, idempotency);
    }

    /// <summary>The same for a request whose idempotency key was taken already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="open">Begins the form.</param>
    /// <param name="idempotency">The request's idempotency key, or null.</param>
    /// <param name="writeExtraFields">Adds fields to the acknowledgement.</param>
    public async Task SubmitAsync(
        HttpContext context, JobFormOpener open, IdempotentRequest? idempotency,
        Action<Utf8JsonWriter, EnqueuedJob>? writeExtraFields = null)
    {
        // What is wrong with the request besides its body is said before a body of gigabytes is read.
        _ = Preference.WaitOf(context.Request);
        await using var upload = uploads.Open(context.Request);
        var form = open(upload);
        RecordEnvelope? body = null;
        try
        {
            if (!await bodies.ReadAsync(
                context, async cancellationToken => body = await form.ReadAsync(context, limits, idempotency?.Digest, cancellationToken)))
            {
                return;
            }

            var submission = await form.CompleteAsync(body!, context.RequestAborted);
            if (writeExtraFields is not null) submission = submission with { WriteMore = submission.WriteMore + writeExtraFields };
            await submitter.CommitAsync(context, upload, submission, idempotency);
        }
        finally
        {
            body?.Dispose();
        }
    }
}

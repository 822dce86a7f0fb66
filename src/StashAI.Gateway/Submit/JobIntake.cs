using System.Text.Json;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit;

/// <summary>
/// Handles every submit in the same way, from the first byte of the body to the answer. Items are stored while they arrive.
/// </summary>
internal sealed class JobIntake(MirroredUploads uploads, BodyReader bodies, Submitter submitter, IdempotencyKeys keys, IntakeLimits limits)
{
    /// <summary>Handles a request with the form of its route.</summary>
    public async Task SubmitAsync(HttpContext context, JobFormOpener open)
    {
        using var idempotency = keys.Begin(context);
        await SubmitAsync(context, open, idempotency);
    }

    /// <summary>Handles a request whose idempotency key was already taken.</summary>
    /// <param name="context">The request.</param>
    /// <param name="open">Creates the form.</param>
    /// <param name="idempotency">The request's idempotency key, or null.</param>
    /// <param name="writeExtraFields">Adds fields to the acknowledgement.</param>
    public async Task SubmitAsync(
        HttpContext context, JobFormOpener open, IdempotentRequest? idempotency,
        Action<Utf8JsonWriter, EnqueuedJob>? writeExtraFields = null)
    {
        // Errors outside the body are reported before a body of gigabytes is read.
        _ = Preference.WaitOf(context.Request);
        await using var upload = uploads.Open(context.Request);
        var form = open(upload);
        BodyEnvelope? body = null;
        try
        {
            if (!await bodies.ReadAsync(
                context, async cancellationToken => body = await form.ReadAsync(context, limits, idempotency?.Digest, cancellationToken)))
            {
                return;
            }

            Submission submission;
            try
            {
                submission = await form.CompleteAsync(body!, context.RequestAborted);
            }
            catch (Exception exception) when (exception is RequestException or OutboundRefusedException)
            {
                // What was accepted once, such as a deadline that has passed since, is no reason to refuse a repeated request.
                if (await submitter.TryRepeatAsync(context, idempotency)) return;
                throw;
            }

            if (writeExtraFields is not null)
            {
                submission = submission with { WriteExtraFields = submission.WriteExtraFields + writeExtraFields };
            }

            await submitter.CommitAsync(context, upload, submission, idempotency);
        }
        finally
        {
            body?.Dispose();
        }
    }
}

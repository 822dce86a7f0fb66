using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Uploads;

namespace StashAI.Gateway.Routes.Uploads;

/// <summary>Refusals of chunks and commits. Each has <c>offset</c>, where the upload goes on.</summary>
internal static class UploadProblems
{
    private const string Title = "The chunk does not fit the upload";

    public static RequestException Of(ChunkOutcome outcome, Guid id, long received, IntakeLimits limits) => outcome switch
    {
        ChunkOutcome.Unknown => Unknown(id),
        ChunkOutcome.Gap => At(
            new Problem(
                "upload-gap", StatusCodes.Status409Conflict, Title,
                $"The chunk leaves a gap: the next one begins at {received}. Send the bytes from there."),
            received),
        ChunkOutcome.Different => At(
            new Problem(
                "upload-content", StatusCodes.Status409Conflict, Title,
                "Other bytes are stored at the place of this chunk. Delete the upload and make a new one to send another body."),
            received),
        ChunkOutcome.Committed => At(
            new Problem("upload-committed", StatusCodes.Status409Conflict, Title, "The upload is a job already: it takes no more chunks."),
            received),
        ChunkOutcome.TooLong => At(
            Problem.Invalid("The chunk goes beyond the size that was declared for the body.", UploadRoutes.OffsetHeader), received),
        _ => At(
            Problem.TooLarge(
                $"Your open uploads have too many bytes together, of at most {limits.MaxUploadBytes}; commit or delete one, "
                + $"or raise {IntakeLimits.MaxUploadBytesSetting} on the server.", IntakeLimits.MaxUploadBytesSetting),
            received),
    };

    public static RequestException Unknown(string id) =>
        RequestException.NotFound($"You have no upload {Excerpt.Of(id)}: it may have expired, or belong to another key. Make a new one.");

    public static RequestException Unknown(Guid id) => Unknown(id.ToString());

    public static RequestException Incomplete(BodyUpload upload) => At(
        new Problem(
            "upload-incomplete", StatusCodes.Status409Conflict, "The upload is not complete",
            upload.Size is { } size
                ? $"The upload has {upload.Received} of {size} bytes: send the rest, then commit it again."
                : "The upload has no bytes: send at least one chunk, then commit it again."),
        upload.Received);

    public static RequestException WrongHash(BodyUpload upload) => At(
        Problem.Invalid(
            "sha256: does not match the bytes that arrived; delete the upload and send the body again.", "sha256"),
        upload.Received);

    private static RequestException At(Problem problem, long offset) =>
        new(problem with { More = new() { ["offset"] = JsonSerializer.SerializeToElement(offset) } });
}

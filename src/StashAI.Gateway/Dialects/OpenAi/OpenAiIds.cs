using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>
/// The ids of OpenAI's objects, which are derived from those of this server: <c>file-…</c> and <c>batch_…</c> are their files and batches,
/// and the files of results have the id of their batch.
/// </summary>
internal static class OpenAiIds
{
    private const string FilePrefix = "file-";
    private const string OutputPrefix = "file-output-";
    private const string ErrorsPrefix = "file-errors-";
    private const string BatchPrefix = "batch_";
    private const string UploadPrefix = "upload_";
    private const string PartPrefix = "part_";

    public static string OfFile(Guid file) => FilePrefix + Hex(file);

    public static string OfBatch(Guid batch) => BatchPrefix + Hex(batch);

    public static string OfUpload(Guid upload) => UploadPrefix + Hex(upload);

    public static string OfPart(Guid part) => PartPrefix + Hex(part);

    /// <summary>The file of a batch's results, or of its failures.</summary>
    public static string OfResults(Guid batch, bool isErrors) => (isErrors ? ErrorsPrefix : OutputPrefix) + Hex(batch);

    public static string OfLine(Guid job, int ordinal) => $"batch_req_{Hex(TaskKey.TaskId(job, ordinal))}";

    public static string OfRequest(Guid job, int ordinal) => $"req_{Hex(TaskKey.TaskId(job, ordinal))}";

    /// <summary>The id of an uploaded file; null for any other text.</summary>
    public static Guid? File(string text) => After(text, FilePrefix);

    /// <summary>The id of an upload in parts; null for any other text.</summary>
    public static Guid? Upload(string text) => After(text, UploadPrefix);

    /// <summary>The id of a part; null for any other text.</summary>
    public static Guid? Part(string text) => After(text, PartPrefix);

    /// <summary>The id of a batch; null for any other text.</summary>
    public static Guid? Batch(string text) => After(text, BatchPrefix);

    /// <summary>The batch whose results or failures a file has; null for any other text.</summary>
    public static (Guid Batch, bool IsErrors)? Results(string text) =>
        After(text, OutputPrefix) is { } output ? (output, false) : After(text, ErrorsPrefix) is { } errors ? (errors, true) : null;

    private static Guid? After(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && Guid.TryParseExact(text.AsSpan(prefix.Length), "N", out var id) ? id : null;

    private static string Hex(Guid id) => id.ToString("N");
}

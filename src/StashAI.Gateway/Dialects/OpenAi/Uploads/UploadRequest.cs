using System.Text.Json;
using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Gateway.Dialects.OpenAi.Files;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Files;

namespace StashAI.Gateway.Dialects.OpenAi.Uploads;

/// <summary>Reads the bodies of <c>/v1/uploads</c>.</summary>
internal static class UploadRequest
{
    /// <summary>The most characters of the names of a file and its type.</summary>
    private const int MaxName = 255;

    /// <summary>Reads an upload to begin.</summary>
    /// <param name="fields">The body.</param>
    /// <param name="owner">The name of the caller's API key.</param>
    /// <param name="most">The most bytes of the file.</param>
    /// <param name="lifetime">How long the upload is kept.</param>
    public static NewClientUpload Read(JsonFields fields, string? owner, long most, TimeSpan lifetime)
    {
        var name = Text(fields, "filename");
        var purpose = Text(fields, "purpose");
        var type = Text(fields, "mime_type");
        if (!fields.Has("bytes")) throw RequestException.Missing("bytes", "bytes is missing: send how many the whole file has.");
        var bytes = fields.LongInteger("bytes", 0, long.MaxValue)!.Value;
        if (bytes > most) throw fields.Invalid("bytes", $"is more than the {most} bytes that you may keep besides your other files.");
        FileIntake.Check(purpose, name, "filename");
        return new NewClientUpload(
            Guid.CreateVersion7(), owner, name, purpose, type, bytes,
            Lifetime.Read(fields, "expires_after") ?? FileIntake.UsualLifetime(purpose), lifetime);
    }

    /// <summary>True if an upload was begun with the same request.</summary>
    public static bool IsSame(ClientUpload first, NewClientUpload asked) =>
        (first.Name, first.Purpose, first.MimeType, first.Size, first.FileLifetime)
        == (asked.Name, asked.Purpose, asked.MimeType, asked.Size, asked.FileLifetime);

    private static string Text(JsonFields fields, string name)
    {
        var text = BatchRequest.Required(fields, name);
        if (text.Length > MaxName) throw fields.Invalid(name, $"has more than {MaxName} characters.");
        if (text.Contains('\0', StringComparison.Ordinal)) throw fields.Invalid(name, "has a NUL, which no name has: leave it out.");
        return text;
    }
}

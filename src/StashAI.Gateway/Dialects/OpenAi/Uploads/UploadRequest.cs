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

    /// <summary>The most parts of a file; OpenAI has 8 GB in parts of 64 MB.</summary>
    private const int MaxParts = 10_000;

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

    /// <summary>The parts of a file in their order.</summary>
    public static IReadOnlyList<UploadPart> ReadParts(JsonFields fields, IReadOnlyList<UploadPart> known)
    {
        const string name = "part_ids";
        if (fields.Array(name) is not { } given) throw RequestException.Missing(name, "part_ids is missing: send the ids of the parts.");
        if (given.GetArrayLength() > MaxParts) throw fields.Invalid(name, $"has more than {MaxParts} parts.");
        var byId = known.ToDictionary(part => part.Id);
        var parts = new List<UploadPart>();
        foreach (var element in given.EnumerateArray())
        {
            var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
            if (OpenAiIds.Part(text) is not { } id || !byId.Remove(id, out var part))
                throw fields.Invalid(name, $"part {parts.Count + 1} is not a part of this upload, or is named twice.");
            parts.Add(part);
        }

        return parts;
    }

    /// <summary>The MD5 that the file should have, as 32 hexadecimal digits or as base64; null for none.</summary>
    public static byte[]? ReadMd5(JsonFields fields)
    {
        if (fields.Text("md5") is not { Length: > 0 } text) return null;
        var bytes = new byte[16];
        if (text.Length == 32 && Convert.FromHexString(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == bytes.Length)
        {
            return bytes;
        }

        return Convert.TryFromBase64String(text, bytes, out var count) && count == bytes.Length
            ? bytes
            : throw fields.Invalid("md5", "must be 32 hexadecimal digits.");
    }

    private static string Text(JsonFields fields, string name) => BatchRequest.Required(fields, name) is { Length: <= MaxName } text
        ? text
        : throw fields.Invalid(name, $"has more than {MaxName} characters.");
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Files;

namespace StashAI.Gateway.Dialects.OpenAi.Uploads;

/// <summary>What completes an upload: its parts in their order, and the MD5 that the file should have.</summary>
internal sealed class UploadEnd
{
    private const string PartsField = "part_ids";

    private const string Md5Field = "md5";

    /// <summary>The most parts of a file; OpenAI has 8 GB in parts of 64 MB.</summary>
    private const int MaxParts = 10_000;

    private readonly IReadOnlyList<Guid?> parts;
    private readonly byte[]? md5;

    private UploadEnd(IReadOnlyList<Guid?> parts, byte[]? md5) => (this.parts, this.md5) = (parts, md5);

    private string PrintOfParts => Convert.ToHexString(SHA256.HashData(parts.SelectMany(part => part!.Value.ToByteArray()).ToArray()));

    public static UploadEnd Read(JsonFields fields)
    {
        if (fields.Array(PartsField) is not { } given)
            throw RequestException.Missing(PartsField, "part_ids is missing: send the ids of the parts.");
        if (given.GetArrayLength() > MaxParts) throw fields.Invalid(PartsField, $"has more than {MaxParts} parts.");
        List<Guid?> parts =
        [
            .. given.EnumerateArray().Select(element =>
                element.ValueKind == JsonValueKind.String ? OpenAiIds.Part(element.GetString()!) : null),
        ];
        return new UploadEnd(parts, ReadMd5(fields));
    }

    /// <summary>The parts of a file in their order.</summary>
    /// <exception cref="RequestException">One is not a part of this upload, or is named twice.</exception>
    public IReadOnlyList<UploadPart> Find(IReadOnlyList<UploadPart> known, JsonFields fields)
    {
        var byId = known.ToDictionary(part => part.Id);
        var found = new List<UploadPart>();
        foreach (var id in parts)
        {
            if (id is not { } guid || !byId.Remove(guid, out var part))
                throw fields.Invalid(PartsField, $"part {found.Count + 1} is not a part of this upload, or is named twice.");
            found.Add(part);
        }

        return found;
    }

    /// <summary>A print of this end, for <see cref="RequireSame"/>: of the ids of the parts, and the MD5 of the file.</summary>
    /// <exception cref="RequestException">The file does not have the MD5 that it should have.</exception>
    public string PrintOf(byte[] md5OfFile, JsonFields fields) => md5 is null || md5.AsSpan().SequenceEqual(md5OfFile)
        ? $"{PrintOfParts} {Convert.ToHexString(md5OfFile)}"
        : throw fields.Invalid(Md5Field, "is not that of the parts in this order.");

    /// <summary>Refuses to complete an upload again with other parts, in another order, or with the MD5 of another file.</summary>
    public void RequireSame(ClientUpload completed, JsonFields fields)
    {
        if (completed.CompletedWith?.Split(' ') is not [var ofParts, var ofFile]) return;
        if (parts.Contains(null) || PrintOfParts != ofParts)
        {
            throw fields.Invalid(
                PartsField,
                "is not what this upload was completed with: the parts are others, or in another order. Begin another upload for another "
                + "file.");
        }

        if (md5 is not null && Convert.ToHexString(md5) != ofFile) throw fields.Invalid(Md5Field, "is not that of the file.");
    }

    /// <summary>The MD5 that the file should have, as 32 hexadecimal digits or as base64; null for none.</summary>
    private static byte[]? ReadMd5(JsonFields fields)
    {
        if (fields.Text(Md5Field) is not { Length: > 0 } text) return null;
        var bytes = new byte[16];
        if (text.Length == 32 && Convert.FromHexString(text, bytes, out _, out var written) == OperationStatus.Done
            && written == bytes.Length)
        {
            return bytes;
        }

        return Convert.TryFromBase64String(text, bytes, out var count) && count == bytes.Length
            ? bytes
            : throw fields.Invalid(Md5Field, "must be 32 hexadecimal digits.");
    }
}

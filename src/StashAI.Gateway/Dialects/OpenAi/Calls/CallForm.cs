using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Templates;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Calls;

/// <summary>
/// Reads the form of a direct call, whose file goes to the upload of its job while it arrives. All other fields are passed on unread, also
/// those that come several times.
/// </summary>
/// <param name="limits">The limits of texts and files.</param>
/// <param name="upload">The upload, in its only task.</param>
internal sealed class CallForm(IntakeLimits limits, IUpload upload)
    : ArrivingForm(DialectRoute.FileField, "the fields file and model", limits), IDisposable
{
    private const int Piece = 64 * 1024;

    /// <summary>The fields that decide where a call goes, and in which form its answer comes.</summary>
    private static readonly string[] Single = ["model", "stream", "response_format"];

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<(string Name, List<string> Values)> fields = [];
    private readonly IntakeLimits limits = limits;

    /// <summary>The last value of a field; null for none.</summary>
    public string? Find(string name) => fields.Find(field => field.Name == name).Values?[^1];

    /// <summary>The fields as an item: a text for a field that came once, else a list.</summary>
    public byte[] ToItem()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var (name, values) in fields)
            {
                if (values is [var only])
                {
                    json.WriteString(name, only);
                    continue;
                }

                json.WriteStartArray(name);
                foreach (var value in values) json.WriteStringValue(value);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A digest of the file and the fields, by which a repeated request is known; to be called once.</summary>
    public byte[] GetHash(ReadOnlySpan<byte> item)
    {
        hash.AppendData(item);
        return hash.GetHashAndReset();
    }

    public void Dispose() => hash.Dispose();

    protected override void Add(string name, string text)
    {
        var known = fields.Find(field => field.Name == name).Values;
        // This server reads one of them, and the service perhaps another.
        if (known is not null && Single.Contains(name)) throw RequestException.Repeated(name);
        if (known is not null) known.Add(text);
        else fields.Add((name, [text]));
    }

    protected override async Task StoreAsync(Stream bytes, string? contentType, CancellationToken cancellationToken)
    {
        upload.BeginPayload(DialectRoute.FileField, DataUrlName.Prefix(contentType, FileName));
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            long size = 0;
            for (int read; (read = await bytes.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                size += read;
                if (size > limits.MaxItemBytes)
                {
                    throw IntakeException.TooLarge(
                        $"the part {DialectRoute.FileField} has too many bytes", IntakeLimits.MaxItemBytesSetting, limits.MaxItemBytes);
                }

                hash.AppendData(buffer, 0, read);
                await upload.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            if (size == 0) throw RequestException.Invalid(DialectRoute.FileField, "the file is empty.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        upload.EndPayload();
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Execution;

/// <summary>What the result of a task depends on, as a SHA-256 (docs/adr/0040).</summary>
public static class ResultKey
{
    /// <summary>
    /// Members of a job's configuration that no result depends on: they say when and how the queue calls, who asked, and what it costs.
    /// </summary>
    public static IReadOnlyCollection<string> NeutralConfig { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "job_name", "user_id", "session_id", "priority", "batch_size", "max_parallel", "max_retries", "start_at", "deadline", "tags",
        "webhook", "cache", "cost_per_item", "cost_per_token",
    };

    /// <summary>Computes a key.</summary>
    /// <param name="parts">Service, type of task, version and address.</param>
    /// <param name="config">The job's configuration; may be empty. Secrets in it are encrypted, and differ from job to job.</param>
    /// <param name="input">The item, UTF-8 JSON; null for one that is given by its digest.</param>
    /// <param name="digest">The SHA-256 of a large item; null for others.</param>
    /// <param name="payloads">The binary parts of the item, and those that all tasks of its job share.</param>
    public static byte[] Compute(
        IReadOnlyList<string> parts, ReadOnlyMemory<byte> config, ReadOnlyMemory<byte>? input, byte[]? digest,
        IReadOnlyList<PayloadDigest> payloads)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts) Add(hash, Encoding.UTF8.GetBytes(part));
        Add(hash, Canonical(config, NeutralConfig));
        Add(hash, input is { } json ? Canonical(json) : default);
        Add(hash, digest);
        foreach (var payload in payloads)
        {
            Add(hash, Encoding.UTF8.GetBytes(payload.Slot));
            Add(hash, payload.DataUrlPrefix is { } prefix ? Encoding.UTF8.GetBytes(prefix) : default);
            Add(hash, payload.Sha256);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>
    /// JSON whose members are in order, without spaces and with one way to escape. Numbers stay as they are written. What is no JSON, or
    /// cannot be read, stays as it is.
    /// </summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="without">Members of the outermost object that are left out; null for none.</param>
    public static ReadOnlySpan<byte> Canonical(ReadOnlyMemory<byte> json, IReadOnlyCollection<string>? without = null)
    {
        if (json.IsEmpty) return default;
        var buffer = new ArrayBufferWriter<byte>(json.Length);
        try
        {
            using var document = JsonDocument.Parse(json);
            using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
            Write(writer, document.RootElement, without);
            writer.Flush();
            return buffer.WrittenSpan;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return json.Span;
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, IReadOnlyCollection<string>? without = null)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                // The order of members with the same name stays: readers take one of them by its place.
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    if (without is not null && without.Contains(member.Name)) continue;
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray()) Write(writer, element);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString());
                break;
            default:
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }

    /// <summary>Adds a part behind its length, so that no two lists of parts are the same bytes.</summary>
    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

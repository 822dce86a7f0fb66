using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Backups;

/// <summary>The list of the payloads of a backup: one JSON object a line, in the order of files and offsets.</summary>
internal static class PayloadIndex
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task WriteAsync(TextWriter writer, IndexedPayload payload) =>
        writer.WriteLineAsync(JsonSerializer.Serialize(payload, Form));

    /// <summary>Reads the list, file by file.</summary>
    /// <exception cref="StartException">A line cannot be read; the message names it.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<IndexedPayload>> ReadFilesAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(RegularFile.OpenRead(path));
        var file = new List<IndexedPayload>();
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            var payload = Parse(line) ?? throw new StartException($"{path}: line {number} is not a payload of a backup.");
            if (file.Count > 0 && file[0].File != payload.File)
            {
                yield return file;
                file = [];
            }

            file.Add(payload);
        }

        if (file.Count > 0) yield return file;
    }

    private static IndexedPayload? Parse(string line)
    {
        try
        {
            var payload = JsonSerializer.Deserialize<IndexedPayload>(line, Form);
            return payload is { Offset: >= 0, Size: >= 0 } && payload.File == Path.GetFileName(payload.File) ? payload : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Results with faces as rows of a table: who is on a photo, and no pictures, which cells of spreadsheets cannot hold.</summary>
internal static class FaceRows
{
    private const string Picture = "image";

    /// <summary>Whether the results of a job are of faces.</summary>
    public static bool AreOf(JobView job) =>
        job.Service == VisageAdapter.Name
        && (job.TaskType == VisageAdapter.Identify.TaskType || job.TaskType == VisageAdapter.Video.TaskType);

    /// <summary>Reads a result.</summary>
    /// <param name="output">The result, UTF-8 JSON; it may be empty.</param>
    /// <returns>The names of those who are the best match of a face, each once, and the result without its pictures.</returns>
    public static (string? People, ReadOnlyMemory<byte> Result) Read(ReadOnlyMemory<byte> output)
    {
        if (output.IsEmpty) return (null, output);
        try
        {
            using var document = JsonDocument.Parse(output);
            var names = VisageFaces.Of(document.RootElement).OfType<VisageFace>().DistinctBy(face => face.PersonId)
                .Select(face => face.PersonName.Length == 0 ? face.PersonId : face.PersonName);
            var buffer = new ArrayBufferWriter<byte>((output.Length / 4) + 256);
            using (var json = new Utf8JsonWriter(buffer, WireJson.Options)) Write(json, document.RootElement);
            return (string.Join("; ", names), buffer.WrittenMemory);
        }
        catch (JsonException)
        {
            // Deeper than any real result.
            return (null, output);
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    if (IsPicture(member)) continue;
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray()) Write(json, element);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    /// <summary>Base64 has no colon, and the address of a picture has one.</summary>
    private static bool IsPicture(JsonProperty member) =>
        member.NameEquals(Picture) && member.Value.ValueKind == JsonValueKind.String
        && !member.Value.GetString()!.Contains(':', StringComparison.Ordinal);
}

using System.Runtime.InteropServices;
using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>Puts another judgement into the result of a photo.</summary>
internal static class RematchedPhoto
{
    private const string Data = "data";
    private const string Performers = "performers";
    private const string Ambiguous = "ambiguous";
    private const string Threshold = "threshold_cosine";
    private const string Version = "gallery_version";

    /// <summary>The result with the people, the threshold and the version of the new judgement; everything else stays as it was.</summary>
    public static RematchedResult Write(ReadOnlyMemory<byte> output, JsonElement judgement, long version)
    {
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        var before = root.GetProperty(Data)[0];
        var after = judgement.GetProperty("faces");
        if (before.GetArrayLength() != after.GetArrayLength())
            throw new InvalidOperationException("The stored faces of a photo are not those of its result.");
        var isChanged = false;
        for (var i = 0; i < before.GetArrayLength() && !isChanged; i++) isChanged = !IsSame(before[i], after[i]);
        var written = JsonText.Write(json =>
        {
            json.WriteStartObject();
            foreach (var property in root.EnumerateObject())
            {
                if (property.NameEquals(Version)) continue;
                json.WritePropertyName(property.Name);
                if (property.NameEquals(Data)) WriteFaces(json, before, after);
                else WriteRaw(json, property.NameEquals(Threshold) ? judgement.GetProperty(Threshold) : property.Value);
            }

            json.WriteNumber(Version, version);
            json.WriteEndObject();
        });
        return new RematchedResult(written, isChanged);
    }

    private static void WriteFaces(Utf8JsonWriter json, JsonElement before, JsonElement after)
    {
        json.WriteStartArray();
        json.WriteStartArray();
        for (var i = 0; i < before.GetArrayLength(); i++)
        {
            json.WriteStartObject();
            foreach (var property in before[i].EnumerateObject())
            {
                json.WritePropertyName(property.Name);
                var isJudged = property.NameEquals(Performers) || property.NameEquals(Ambiguous);
                WriteRaw(json, isJudged ? after[i].GetProperty(property.Name) : property.Value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndArray();
    }

    private static bool IsSame(JsonElement before, JsonElement after) =>
        before.GetProperty(Ambiguous).GetBoolean() == after.GetProperty(Ambiguous).GetBoolean()
        && Ids(before).SequenceEqual(Ids(after));

    private static IEnumerable<string?> Ids(JsonElement face) =>
        face.GetProperty(Performers).EnumerateArray().Select(person => person.GetProperty("id").GetString());

    private static void WriteRaw(Utf8JsonWriter json, JsonElement value) =>
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}

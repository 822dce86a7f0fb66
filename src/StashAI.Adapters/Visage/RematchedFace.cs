using System.Runtime.InteropServices;
using System.Text.Json;

namespace StashAI.Adapters.Visage;

/// <summary>Puts another judgement into a face of a result.</summary>
internal static class RematchedFace
{
    public const string Performers = "performers";
    public const string Threshold = "threshold_cosine";
    public const string Version = "gallery_version";

    private const string Ambiguous = "ambiguous";

    /// <summary>Whether two judgements of a face say the same: the same people in the same order.</summary>
    public static bool IsSame(JsonElement before, JsonElement after) =>
        before.GetProperty(Ambiguous).GetBoolean() == after.GetProperty(Ambiguous).GetBoolean()
        && Ids(before).SequenceEqual(Ids(after));

    /// <summary>Writes the face with the people of the new judgement.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement face, JsonElement judgement)
    {
        json.WriteStartObject();
        foreach (var property in face.EnumerateObject())
        {
            json.WritePropertyName(property.Name);
            var isJudged = property.NameEquals(Performers) || property.NameEquals(Ambiguous);
            WriteRaw(json, isJudged ? judgement.GetProperty(property.Name) : property.Value);
        }

        json.WriteEndObject();
    }

    public static void WriteRaw(Utf8JsonWriter json, JsonElement value) =>
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    private static IEnumerable<string?> Ids(JsonElement face) =>
        face.GetProperty(Performers).EnumerateArray().Select(person => person.GetProperty("id").GetString());
}

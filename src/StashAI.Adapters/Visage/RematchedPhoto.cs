using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>Puts another judgement into the result of a photo.</summary>
internal static class RematchedPhoto
{
    private const string Data = "data";

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
        for (var i = 0; i < before.GetArrayLength() && !isChanged; i++) isChanged = !RematchedFace.IsSame(before[i], after[i]);
        var written = JsonText.Write(json =>
        {
            json.WriteStartObject();
            foreach (var property in root.EnumerateObject())
            {
                if (property.NameEquals(RematchedFace.Version)) continue;
                json.WritePropertyName(property.Name);
                if (property.NameEquals(Data)) WriteFaces(json, before, after);
                else if (property.NameEquals(RematchedFace.Threshold)) RematchedFace.WriteRaw(json, judgement.GetProperty(property.Name));
                else RematchedFace.WriteRaw(json, property.Value);
            }

            json.WriteNumber(RematchedFace.Version, version);
            json.WriteEndObject();
        });
        return new RematchedResult(written, isChanged);
    }

    private static void WriteFaces(Utf8JsonWriter json, JsonElement before, JsonElement after)
    {
        json.WriteStartArray();
        json.WriteStartArray();
        for (var i = 0; i < before.GetArrayLength(); i++) RematchedFace.Write(json, before[i], after[i]);
        json.WriteEndArray();
        json.WriteEndArray();
    }
}

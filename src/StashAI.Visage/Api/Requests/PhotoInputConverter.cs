using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace StashAI.Visage.Api.Requests;

/// <summary>Reads both forms of a <see cref="PhotoInput"/>.</summary>
internal sealed class PhotoInputConverter : JsonConverter<PhotoInput>
{
    public override PhotoInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new(JsonSerializer.Deserialize(ref reader, Info<ImageBytes>(options)), null);
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("""must be a base64 string or {"image": base64, "face": {"x": 10, "y": 20}}""");

        var value = JsonSerializer.Deserialize(ref reader, Info<PhotoInputObject>(options))!;
        return (value.Image ?? value.ImageData) is { } image
            ? new(image, value.Face)
            : throw new JsonException("""has no "image" """.TrimEnd());
    }

    public override void Write(Utf8JsonWriter writer, PhotoInput value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new PhotoInputObject { Image = value.Image, Face = value.Face }, Info<PhotoInputObject>(options));

    private static JsonTypeInfo<T> Info<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}

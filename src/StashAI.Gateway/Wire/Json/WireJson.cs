using System.Text.Encodings.Web;
using System.Text.Json;

namespace StashAI.Gateway.Wire.Json;

/// <summary>Writes answers straight into the response, without objects in between.</summary>
internal static class WireJson
{
    /// <summary>JSON goes to programs as `application/json`, so only what JSON itself needs is escaped.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>A writer straight into the answer, for what is too large to be written at once.</summary>
    public static Utf8JsonWriter Begin(HttpContext context) => new(context.Response.BodyWriter, Options);

    /// <summary>Writes one JSON document as the answer.</summary>
    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter, Options)) write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>A property whose value is JSON already; null for none.</summary>
    public static void WriteRaw(this Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value)
    {
        json.WritePropertyName(name);
        if (value.IsEmpty) json.WriteNullValue();
        else json.WriteRawValue(value.Span, skipInputValidation: true);
    }

    /// <summary>A number, or null.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, Math.Round(number, 3));
        else json.WriteNull(name);
    }
}

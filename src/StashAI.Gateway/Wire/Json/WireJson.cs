using System.Text.Encodings.Web;
using System.Text.Json;

namespace StashAI.Gateway.Wire.Json;

/// <summary>Writes JSON answers directly to the response, without intermediate objects.</summary>
internal static class WireJson
{
    /// <summary>Answers are <c>application/json</c>, so only characters that JSON requires are escaped.</summary>
    public static JsonWriterOptions Options { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>Creates a writer on the response, for answers that are too large to be written at once.</summary>
    public static Utf8JsonWriter Begin(HttpContext context) => new(context.Response.BodyWriter, Options);

    /// <summary>Writes one JSON document as the answer.</summary>
    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter, Options)) write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Writes a property whose value is already JSON; null when empty.</summary>
    public static void WriteRaw(this Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value)
    {
        json.WritePropertyName(name);
        if (value.IsEmpty) json.WriteNullValue();
        else json.WriteRawValue(value.Span, skipInputValidation: true);
    }

    /// <summary>Writes a number, or null.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, Math.Round(number, 3));
        else json.WriteNull(name);
    }
}

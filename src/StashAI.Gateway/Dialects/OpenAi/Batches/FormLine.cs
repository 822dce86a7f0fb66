using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// The body of a line whose service takes a form: JSON has no place for a file, so it names one by <c>file_id</c> or <c>file_url</c>.
/// </summary>
internal static class FormLine
{
    public const string IdField = "file_id";

    private const string UrlField = "file_url";

    private const string FormatField = "response_format";

    /// <summary>True for the lines of an endpoint that takes forms.</summary>
    public static bool IsFor(string endpoint) => endpoint == OpenAiPaths.Transcriptions;

    /// <summary>Reports what is wrong with a body.</summary>
    public static void Check(JsonElement body, LineErrors errors, long line)
    {
        if (body.TryGetProperty(DialectRoute.FileField, out _))
        {
            errors.Add(
                "unsupported_parameter", $"A line cannot hold a file: name it with {IdField} or {UrlField}.",
                $"body.{DialectRoute.FileField}", line);
        }

        if (TextOf(body, FormatField) is { } format && OpenAiPaths.TextFormats.Contains(format))
        {
            errors.Add(
                "unsupported_parameter", $"'{format}' is not JSON, as the answers of a batch are: use json or verbose_json.",
                $"body.{FormatField}", line);
        }

        var (hasId, hasUrl) = (Has(body, IdField), Has(body, UrlField));
        if (!hasId && !hasUrl)
        {
            errors.Add(
                "missing_required_parameter", $"{IdField} is missing: send the id of an uploaded file, or {UrlField} with an address.",
                $"body.{IdField}", line);
        }
        else if (hasId && hasUrl)
        {
            errors.Add("unsupported_parameter", $"Only one of {IdField} and {UrlField} can name the file.", $"body.{UrlField}", line);
        }
        else if (hasUrl && !(Uri.TryCreate(TextOf(body, UrlField), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            errors.Add("invalid_parameter", $"{UrlField} must be an http or https URL.", $"body.{UrlField}", line);
        }
        else if (hasId && FileOf(body) is null)
        {
            var text = TextOf(body, IdField);
            errors.Add(
                text is null ? "invalid_parameter" : "file_not_found",
                text is null ? $"{IdField} must be a text." : $"There is no file {Excerpt.Of(text)}.", $"body.{IdField}", line);
        }
    }

    /// <summary>The uploaded file that a body names; null for none.</summary>
    public static Guid? FileOf(JsonElement body) => TextOf(body, IdField) is { } id ? OpenAiIds.File(id) : null;

    /// <summary>
    /// The item: the fields as the form has them, in which a list has brackets behind its name, and the address of the file if it is not
    /// uploaded.
    /// </summary>
    public static byte[] ToItem(JsonElement body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var field in body.EnumerateObject())
            {
                if (field.Name is IdField or UrlField) continue;
                json.WritePropertyName(
                    field.Value.ValueKind == JsonValueKind.Array && !field.Name.EndsWith("[]", StringComparison.Ordinal)
                        ? $"{field.Name}[]" : field.Name);
                field.Value.WriteTo(json);
            }

            if (TextOf(body, UrlField) is { } url)
            {
                json.WriteStartObject(DialectRoute.FileField);
                json.WriteString("url", url);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static bool Has(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static string? TextOf(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

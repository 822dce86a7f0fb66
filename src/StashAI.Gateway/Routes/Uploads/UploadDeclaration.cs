using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Routes.Uploads;

/// <summary>What an upload will be submitted as.</summary>
/// <param name="Service">The service.</param>
/// <param name="Operation">The operation; null for the only one.</param>
/// <param name="IsSingle">True for a task, which has one item.</param>
/// <param name="ContentType">The media type of the body, with its parameters.</param>
/// <param name="Config">The configuration of a body of lines, as a JSON object; null for none.</param>
internal sealed record UploadDeclaration(string Service, string? Operation, bool IsSingle, string ContentType, string? Config)
{
    private static readonly string[] Fields = ["service", "operation", "task", "content_type", "config", "size", "sha256"];

    /// <summary>Reads and checks the body of <c>POST /api/uploads</c>.</summary>
    public static UploadDeclaration Read(JsonFields fields)
    {
        fields.RefuseUnknown(Fields);
        var service = fields.Text("service")
            ?? throw RequestException.Missing("service", "service is missing: name the service, as GET /api/services lists it.");
        var type = fields.Text("content_type") ?? "application/json";
        if (!MediaTypeHeaderValue.TryParse(type, out var media) || !IsRead(media.MediaType!.ToLowerInvariant()))
        {
            throw fields.Invalid(
                "content_type",
                $"'{Excerpt.Of(type)}' is not read by submits; send application/json, application/x-ndjson or multipart/form-data.");
        }

        CheckParameters(fields, media);
        var config = fields.Object("config");
        if (config is not null && !DeclaredForm.IsLines(media.MediaType!.ToLowerInvariant()))
            throw fields.Invalid("config", "is declared for bodies of lines only; a body of this type has it inside.");
        return new UploadDeclaration(
            service, fields.Text("operation"), fields.Flag("task") ?? false, type,
            config is { } given ? JsonSerializer.Serialize(given) : null);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static UploadDeclaration Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return Read(JsonFields.Root(document.RootElement));
    }

    /// <summary>The same text for the same declaration.</summary>
    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            WriteFields(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the fields of the declaration.</summary>
    public void WriteFields(Utf8JsonWriter json)
    {
        json.WriteString("service", Service);
        json.WriteString("operation", Operation);
        json.WriteBoolean("task", IsSingle);
        json.WriteString("content_type", ContentType);
        json.WritePropertyName("config");
        json.WriteRawValue(Config ?? "null");
    }

    /// <summary>Refuses what the commit would refuse, before the body is sent.</summary>
    private static void CheckParameters(JsonFields fields, MediaTypeHeaderValue media)
    {
        if (media.MediaType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            var boundary = media.Parameters.FirstOrDefault(one => one.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))
                ?? throw fields.Invalid("content_type", "lacks the boundary of the form, as in multipart/form-data; boundary=TEXT.");
            if (boundary.Value?.Trim('"').Length > FormBoundary.MaxLength)
                throw fields.Invalid("content_type", $"has a boundary of more than {FormBoundary.MaxLength} characters.");
        }
        else if (!BodyType.IsUtf8(media.CharSet))
        {
            throw fields.Invalid("content_type", $"has the charset '{Excerpt.Of(media.CharSet!)}', which is not read here; use UTF-8.");
        }
    }

    private static bool IsRead(string media) => media is "application/json" or "multipart/form-data" || DeclaredForm.IsLines(media);
}

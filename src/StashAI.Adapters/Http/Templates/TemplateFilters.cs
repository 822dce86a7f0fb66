using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using DotLiquid;

namespace StashAI.Adapters.Http.Templates;

/// <summary>The filters beside Liquid's own.</summary>
public static partial class TemplateFilters
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The names of all filters.</summary>
    public static FrozenSet<string> Names { get; } =
        typeof(StandardFilters).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => Capital().Replace(method.Name, "_$0").ToLowerInvariant())
            .Concat(["json", "base64", "data_url", "path_segment"]).ToFrozenSet();

    /// <summary>The value as JSON: texts in quotes and escaped, numbers as numbers, nothing as null.</summary>
    public static string Json(object? input)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable)) Write(json, input);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>A file as base64; other values as the base64 of their text.</summary>
    public static string Base64(object? input) =>
        input is TemplateFile file ? file.ToString() : Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(input)));

    /// <summary>A file as a data URL.</summary>
    public static string DataUrl(object? input) =>
        input is TemplateFile file ? file.DataUrl : throw new ArgumentException("data_url takes a file.");

    /// <summary>Safe inside one segment of a path.</summary>
    public static string PathSegment(object? input) => Uri.EscapeDataString(Text(input)) switch
    {
        // Left alone they would leave the segment.
        "." => "%2E",
        ".." => "%2E%2E",
        var text => text,
    };

    private static string Text(object? input) => Convert.ToString(input, CultureInfo.InvariantCulture) ?? "";

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case string or TemplateFile or char or DateTime or DateTimeOffset:
                json.WriteStringValue(Text(value));
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case float number:
                json.WriteNumberValue(number);
                break;
            case IDictionary<string, object> members:
                json.WriteStartObject();
                foreach (var (name, member) in members)
                {
                    json.WritePropertyName(name);
                    Write(json, member);
                }

                json.WriteEndObject();
                break;
            case IEnumerable elements:
                json.WriteStartArray();
                foreach (var element in elements) Write(json, element);
                json.WriteEndArray();
                break;
            case IConvertible number:
                json.WriteNumberValue(number.ToDecimal(CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex Capital();
}

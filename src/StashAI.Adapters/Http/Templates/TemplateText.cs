using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fluid.Values;

namespace StashAI.Adapters.Http.Templates;

/// <summary>Converts template values to text and to JSON. All outputs and filters use these conversions.</summary>
internal static class TemplateText
{
    /// <summary>The value as plain text; null when a declared value was not given.</summary>
    /// <exception cref="RenderException">The value has no text form.</exception>
    public static string? Of(FluidValue value) => value switch
    {
        NoValue { Reason: null } => null,
        NoValue nothing => throw new RenderException(nothing.Reason!),
        StringValue or LargeText => value.ToStringValue(),
        BooleanValue flag => flag.ToBooleanValue() ? "true" : "false",
        NumberValue number => NumberText.Of(number.ToNumberValue()),
        JsonNumber number => number.Number.Text,
        TemplateFile file => file.Token,
        JsonObject json => json.ToStringValue(),
        ArrayValue or DictionaryValue =>
            throw new RenderException("the value is a list: use | json or | join, or name one of its elements."),
        DateTimeValue time => time.ToStringValue(),
        _ when value.IsNil() => throw new RenderException("the output has no value."),
        _ => throw new RenderException($"the output is a {value.Type}, which has no text form."),
    };

    /// <summary>The value as JSON; numbers keep their digits.</summary>
    /// <exception cref="RenderException">The value cannot be written as JSON.</exception>
    public static string Json(FluidValue value)
    {
        // Most values are texts.
        if (value is StringValue or LargeText) return Json(Of(value)!);
        var json = new StringBuilder();
        Write(json, value);
        return json.ToString();
    }

    /// <summary>A text as a JSON string.</summary>
    /// <exception cref="ArgumentException">It has half of a surrogate pair, which is no text.</exception>
    public static string Json(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
        ? $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""
        : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    private static void Write(StringBuilder json, FluidValue value)
    {
        switch (value)
        {
            case JsonObject { Files.Count: 0 } known:
                json.Append(known.Element.GetRawText());
                break;
            case JsonObject known:
                json.Append('{');
                foreach (var (name, file) in known.Files)
                {
                    json.Append(json[^1] == '{' ? "" : ",").Append(Json(name)).Append(':').Append(Json(Of(file)!));
                }

                if (known.Element.ValueKind == JsonValueKind.Object)
                {
                    foreach (var property in known.Element.EnumerateObject().Where(member => !known.Files.ContainsKey(member.Name)))
                        json.Append(json[^1] == '{' ? "" : ",").Append(Json(property.Name)).Append(':').Append(property.Value.GetRawText());
                }

                json.Append('}');
                break;
            case ArrayValue { Values: JsonList list }:
                json.Append(list.Element.GetRawText());
                break;
            case ArrayValue array:
                json.Append('[');
                for (var i = 0; i < array.Values.Count; i++)
                {
                    if (i > 0) json.Append(',');
                    Write(json, array.Values[i]);
                }

                json.Append(']');
                break;
            case StringValue or LargeText or TemplateFile or DateTimeValue:
                json.Append(Json(Of(value)!));
                break;
            default:
                json.Append(Of(value) ?? "null");
                break;
        }
    }
}

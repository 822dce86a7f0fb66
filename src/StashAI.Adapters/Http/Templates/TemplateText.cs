using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fluid.Values;

namespace StashAI.Adapters.Http.Templates;

/// <summary>The one way in which the value of a template becomes a text, and the one in which it becomes JSON.</summary>
internal static class TemplateText
{
    private static readonly JsonEncodedText Empty = JsonEncodedText.Encode("");

    /// <summary>The value as plain text; null where a declared value was not given.</summary>
    /// <exception cref="RenderException">It has no text.</exception>
    public static string? Of(FluidValue value) => value switch
    {
        NoValue { Reason: null } => null,
        NoValue nothing => throw new RenderException(nothing.Reason!),
        StringValue text => text.ToStringValue(),
        BooleanValue flag => flag.ToBooleanValue() ? "true" : "false",
        NumberValue number => NumberText.Of(number.ToNumberValue()),
        JsonNumber number => number.Number.Text,
        TemplateFile file => file.Token,
        JsonObject json => json.ToStringValue(),
        ArrayValue or DictionaryValue => throw new RenderException("the value is a list: write it with | json or | join, or name an element of it."),
        DateTimeValue time => time.ToStringValue(),
        _ when value.IsNil() => throw new RenderException("the output has no value."),
        _ => throw new RenderException($"the output is a {value.Type} and has no text."),
    };

    /// <summary>The value as JSON: texts in quotes, numbers with the digits that they came with.</summary>
    /// <exception cref="RenderException">It has no JSON.</exception>
    public static string Json(FluidValue value)
    {
        var json = new StringBuilder();
        Write(json, value);
        return json.ToString();
    }

    /// <summary>A text as JSON.</summary>
    public static string Json(string text) => text.Length == 0 ? $"\"{Empty}\"" : $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static void Write(StringBuilder json, FluidValue value)
    {
        switch (value)
        {
            case JsonObject { Files.Count: 0 } known:
                json.Append(known.Element.GetRawText());
                break;
            case JsonObject known:
                json.Append('{');
                foreach (var (name, file) in known.Files) json.Append(json[^1] == '{' ? "" : ",").Append(Json(name)).Append(':').Append(Json(Of(file)!));
                if (known.Element.ValueKind == JsonValueKind.Object)
                {
                    foreach (var property in known.Element.EnumerateObject().Where(one => !known.Files.ContainsKey(one.Name)))
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
            case StringValue or TemplateFile or DateTimeValue:
                json.Append(Json(Of(value)!));
                break;
            default:
                json.Append(Of(value) ?? "null");
                break;
        }
    }
}

using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Converts YAML values to JSON: plain numbers, booleans and null keep their type; anything in quotes is a text.</summary>
internal static class YamlValue
{
    public static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    public static JsonElement ToElement(YamlNode node)
    {
        using var document = JsonDocument.Parse(ToJson(node));
        return document.RootElement.Clone();
    }

    public static string ToJson(YamlNode node)
    {
        var json = new StringBuilder();
        Write(json, node);
        return json.ToString();
    }

    private static void Write(StringBuilder json, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                json.Append('{');
                foreach (var (key, value) in mapping.Children)
                {
                    if (json[^1] != '{') json.Append(',');
                    json.Append(TemplateText.Json(key.ToString())).Append(':');
                    Write(json, value);
                }

                json.Append('}');
                break;
            case YamlSequenceNode sequence:
                json.Append('[');
                for (var i = 0; i < sequence.Children.Count; i++)
                {
                    if (i > 0) json.Append(',');
                    Write(json, sequence.Children[i]);
                }

                json.Append(']');
                break;
            default:
                json.Append(Scalar((YamlScalarNode)node));
                break;
        }
    }

    private static string Scalar(YamlScalarNode node)
    {
        if (IsNull(node)) return "null";
        var text = node.Value ?? "";
        if (node.Style != ScalarStyle.Plain) return TemplateText.Json(text);
        if (text is "true" or "false") return text;
        return ExactNumber.Read(text) is { } number ? number.Text : TemplateText.Json(text);
    }
}

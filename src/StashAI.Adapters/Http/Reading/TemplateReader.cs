using StashAI.Adapters.Http.Templates;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Compiles the templates of one operation; a fault is reported at its own place in the file.</summary>
internal sealed class TemplateReader(TemplateScope scope, List<DeclarationError> errors)
{
    private static readonly TextTemplate Empty = TextTemplate.Compile("", new TemplateScope(Schemas.FieldSchema.Any, Schemas.FieldSchema.Any));

    public List<DeclarationError> Errors => errors;

    public TextTemplate Read(YamlNode node, string what, string? filter = null)
    {
        if (node is not YamlScalarNode scalar)
        {
            YamlMap.Report(errors, node, $"{what} must be a text.");
            return Empty;
        }

        try
        {
            return TextTemplate.Compile(scalar.Value ?? "", scope, filter);
        }
        catch (TemplateException error)
        {
            var (line, column) = Place(scalar, error.Offset);
            errors.Add(new DeclarationError(line, column, error.Message));
            return Empty;
        }
    }

    /// <summary>A JSON value: mappings, lists, and scalars of which the texts are templates.</summary>
    public JsonTemplate ReadJson(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                return new JsonTemplate.Object([.. mapping.Children.Select(child => new KeyValuePair<string, JsonTemplate>(child.Key.ToString(), ReadJson(child.Value)))]);
            case YamlSequenceNode sequence:
                return new JsonTemplate.Array([.. sequence.Children.Select(ReadJson)]);
            case YamlScalarNode { Value: { } text } scalar when text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal):
                return IsLone(text) ? new JsonTemplate.Value(Read(scalar, "A value", "json")) : new JsonTemplate.Text(Read(scalar, "A value"));
            default:
                return new JsonTemplate.Constant(YamlValue.ToJson(node));
        }
    }

    private static bool IsLone(string text)
    {
        try
        {
            return TemplateToken.IsLone(text);
        }
        catch (TemplateException)
        {
            return false; // Read reports it with its place.
        }
    }

    /// <summary>Where a character of a scalar stands in the file, as far as YAML's folding lets one say.</summary>
    private static (int Line, int Column) Place(YamlScalarNode scalar, int offset)
    {
        var before = (scalar.Value ?? "")[..Math.Min(offset, scalar.Value?.Length ?? 0)];
        var lines = before.Count(one => one == '\n');
        var (line, column) = ((int)scalar.Start.Line, (int)scalar.Start.Column);
        return scalar.Style switch
        {
            ScalarStyle.Literal or ScalarStyle.Folded => (line + 1 + lines, 1 + before.Length - (before.LastIndexOf('\n') + 1)),
            ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted when lines == 0 => (line, column + 1 + offset),
            _ => (line + lines, lines == 0 ? column + offset : column),
        };
    }
}

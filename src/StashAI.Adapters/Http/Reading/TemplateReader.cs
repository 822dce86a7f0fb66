using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Compiles the templates of one request; a fault is reported at its own place in the file.</summary>
/// <param name="scope">What they may name.</param>
/// <param name="file">The declaration's file, for errors of a call.</param>
/// <param name="request">Where the request stands in it, such as `operations.translate.request`.</param>
/// <param name="errors">Takes the faults.</param>
internal sealed class TemplateReader(TemplateScope scope, string file, string request, List<DeclarationError> errors)
{
    private static readonly TextTemplate Empty = TextTemplate.Compile("", new TemplateScope(FieldSchema.Any, FieldSchema.Any));

    public List<DeclarationError> Errors => errors;

    /// <summary>What the templates may name.</summary>
    public TemplateScope Scope => scope;

    public TextTemplate Read(YamlNode node, string what, OutputForm form = OutputForm.Text)
    {
        if (node is not YamlScalarNode scalar)
        {
            YamlMap.Report(errors, node, $"{what} must be a text.");
            return Empty;
        }

        try
        {
            return TextTemplate.Compile(scalar.Value ?? "", scope, form, $"{file}:{scalar.Start.Line}:{scalar.Start.Column} ({request}.{Shorter.Of(what)})");
        }
        catch (TemplateException error)
        {
            var (line, column) = Place(scalar, error.Offset);
            YamlMap.Add(errors, new DeclarationError(line, column, error.Message));
            return Empty;
        }
    }

    /// <summary>A JSON value: mappings, lists, and scalars of which the texts are templates.</summary>
    public JsonTemplate ReadJson(YamlNode node, string what = "json")
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                return new JsonTemplate.Object([.. mapping.Children.Select(child => new KeyValuePair<string, JsonTemplate>(child.Key.ToString(), ReadJson(child.Value, $"{what}.{child.Key}")))]);
            case YamlSequenceNode sequence:
                return new JsonTemplate.Array([.. sequence.Children.Select((child, index) => ReadJson(child, $"{what}[{index}]"))]);
            case YamlScalarNode { Value: { } text } scalar when IsTemplate(text):
                return IsLone(text) ? new JsonTemplate.Value(Read(scalar, what, OutputForm.Json)) : new JsonTemplate.Text(Read(scalar, what));
            default:
                return new JsonTemplate.Constant(YamlValue.ToJson(node));
        }
    }

    private static bool IsTemplate(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal) || text.Contains("${", StringComparison.Ordinal);

    /// <summary>Read reports with its place what cannot be compiled.</summary>
    private bool IsLone(string text)
    {
        try
        {
            return TextTemplate.Compile(text, scope, OutputForm.Json).IsLone;
        }
        catch (TemplateException)
        {
            return false;
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

using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Compiles the templates of a request and reports their errors with line and column.</summary>
/// <param name="scope">The names that the templates may use.</param>
/// <param name="file">The file of the declaration, for the error messages of calls.</param>
/// <param name="request">The path of the request in the file, such as <c>operations.translate.request</c>.</param>
/// <param name="errors">Receives the errors.</param>
internal sealed class TemplateReader(TemplateScope scope, string file, string request, List<DeclarationError> errors)
{
    private static readonly TextTemplate Empty = TextTemplate.Compile("", new TemplateScope(FieldSchema.Any, FieldSchema.Any));

    public List<DeclarationError> Errors => errors;

    /// <summary>The names that the templates may use.</summary>
    public TemplateScope Scope => scope;

    public TextTemplate Read(YamlNode node, string subject, OutputForm form = OutputForm.Text)
    {
        if (node is not YamlScalarNode scalar)
        {
            YamlMap.Report(errors, node, $"{subject} must be a text.");
            return Empty;
        }

        try
        {
            return TextTemplate.Compile(
                scalar.Value ?? "", scope, form, $"{file}:{scalar.Start.Line}:{scalar.Start.Column} ({request}.{Excerpt.Of(subject)})");
        }
        catch (TemplateException exception)
        {
            var (line, column) = PositionOf(scalar, exception.Offset);
            YamlMap.Add(errors, new DeclarationError(line, column, exception.Message));
            return Empty;
        }
    }

    /// <summary>Reads a JSON value whose texts are templates.</summary>
    public JsonTemplate ReadJson(YamlNode node, string subject = "json")
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                return new JsonTemplate.Object([.. mapping.Children.Select(child => new KeyValuePair<string, JsonTemplate>(
                    child.Key.ToString(), ReadJson(child.Value, $"{subject}.{child.Key}")))]);
            case YamlSequenceNode sequence:
                return new JsonTemplate.Array([.. sequence.Children.Select((child, index) => ReadJson(child, $"{subject}[{index}]"))]);
            case YamlScalarNode { Value: { } text } scalar when IsTemplate(text):
                return IsSingleOutput(text)
                    ? new JsonTemplate.Value(Read(scalar, subject, OutputForm.Json))
                    : new JsonTemplate.Text(Read(scalar, subject));
            default:
                return new JsonTemplate.Constant(YamlValue.ToJson(node));
        }
    }

    private static bool IsTemplate(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal)
        || text.Contains("${", StringComparison.Ordinal);

    /// <summary>Whether a text is a single output. False when it cannot be compiled; <see cref="Read"/> then reports the error.</summary>
    private bool IsSingleOutput(string text)
    {
        try
        {
            return TextTemplate.Compile(text, scope, OutputForm.Json).IsSingleOutput;
        }
        catch (TemplateException)
        {
            return false;
        }
    }

    /// <summary>The position in the file of a character of a scalar; approximate when YAML folds lines.</summary>
    private static (int Line, int Column) PositionOf(YamlScalarNode scalar, int offset)
    {
        var before = (scalar.Value ?? "")[..Math.Min(offset, scalar.Value?.Length ?? 0)];
        var lines = before.Count(character => character == '\n');
        var (line, column) = ((int)scalar.Start.Line, (int)scalar.Start.Column);
        return scalar.Style switch
        {
            ScalarStyle.Literal or ScalarStyle.Folded => (line + 1 + lines, 1 + before.Length - (before.LastIndexOf('\n') + 1)),
            ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted when lines == 0 => (line, column + 1 + offset),
            _ => (line + lines, lines == 0 ? column + offset : column),
        };
    }
}

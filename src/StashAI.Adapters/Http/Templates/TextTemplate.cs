using Fluid;
using Fluid.Ast;
using Fluid.Parser;
using StashAI.Adapters.Http.Schemas;
using StashAI.Streams.Texts;

namespace StashAI.Adapters.Http.Templates;

/// <summary>A compiled Liquid template; thread-safe.</summary>
internal sealed class TextTemplate
{
    /// <summary>The longest template in characters; the parser has no limits of its own.</summary>
    private const int MaxLength = 64 * 1024;

    private static readonly string[] Tags =
        ["assign", "capture", "case", "comment", "cycle", "decrement", "for", "if", "increment", "raw", "unless", "break", "continue", "#"];

    private static readonly FluidParser Parser = CreateParser();
    private static readonly TemplateOptions Options = CreateOptions();

    private readonly string? constant;
    private readonly FluidTemplate? template;
    private readonly string position;

    private TextTemplate(string? constant, FluidTemplate? template, string position, string source) =>
        (this.constant, this.template, this.position, Source) = (constant, template, position, source);

    /// <summary>The text as declared.</summary>
    public string Source { get; }

    /// <summary>True when it renders to the same text for all values.</summary>
    public bool IsConstant => constant is not null;

    /// <summary>True when it uses an environment variable or a file.</summary>
    public bool HasReferences => EnvironmentText.References(Source).Count > 0;

    /// <summary>True when the template consists of a single output.</summary>
    public bool IsSingleOutput => template is { Statements: [OutputStatement] };

    /// <summary>Validates and compiles a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="scope">The names that it can use.</param>
    /// <param name="form">The form of its outputs.</param>
    /// <param name="position">Its position, for errors: file, line and field.</param>
    /// <exception cref="TemplateException">The template is not valid.</exception>
    public static TextTemplate Compile(
        string text, TemplateScope scope, OutputForm form = OutputForm.Text, string position = "the template")
    {
        if (!text.Contains('{', StringComparison.Ordinal)) return new TextTemplate(text, null, position, text);
        if (Characters.CountOf(text) is > MaxLength and var length)
        {
            throw new TemplateException(
                0, $"a template may have at most {MaxLength} characters, and this one has {length}: make it shorter.");
        }

        TemplateToken.Check(text);
        var withOutputs = EnvironmentReferences.ReplaceWithOutputs(text);
        if (!Parser.TryParse(withOutputs, out var parsed, out var error))
        {
            throw new TemplateException(TemplateToken.PositionOf(text, "{%"), $"this is not a valid template: {Excerpt.Of(error, 300)}");
        }

        var locals = new LocalNames();
        locals.VisitTemplate(parsed);
        if (new TemplateCompiler(text, scope, form, locals.Names).VisitTemplate(parsed) is not FluidTemplate checkedTemplate)
        {
            return new TextTemplate(withOutputs, null, position, text);
        }

        var template = new TextTemplate(null, checkedTemplate, position, text);
        if (text.Contains("{%", StringComparison.Ordinal)) template.Try(text, scope);
        return template;
    }

    /// <summary>Renders the template.</summary>
    /// <exception cref="RenderException">The template cannot be rendered with these values.</exception>
    public string Render(TemplateValues values) => Render(values, out _);

    /// <summary>Renders the template; null when it consists of a single output whose declared value was not given.</summary>
    /// <exception cref="RenderException">The template cannot be rendered with these values.</exception>
    public string? RenderOrNull(TemplateValues values)
    {
        var text = Render(values, out var hasOmittedOutput);
        return hasOmittedOutput && IsSingleOutput ? null : text;
    }

    private string Render(TemplateValues values, out bool hasOmittedOutput)
    {
        hasOmittedOutput = false;
        if (constant is not null) return constant;
        var context = new RenderContext(Options, values);
        foreach (var (name, value) in values.Roots) context.SetValue(name, value);
        values.Budget.Start();
        try
        {
            var text = template!.Render(context);
            hasOmittedOutput = context.HasOmittedOutput;
            return text;
        }
        catch (RenderException exception)
        {
            throw new RenderException($"{position}: {exception.Message}", exception.IsLimit);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new RenderException($"{position}: the template failed: {Excerpt.Of(exception.Message, 300)}");
        }
        finally
        {
            values.Budget.Stop();
        }
    }

    /// <summary>Tries the template with the smallest item: if that exceeds the budget, every other item does too.</summary>
    private void Try(string text, TemplateScope scope)
    {
        try
        {
            Render(TemplateValues.Sample(scope));
        }
        catch (RenderException exception) when (exception.IsLimit)
        {
            throw new TemplateException(TemplateToken.PositionOf(text, "for"), exception.Message[(position.Length + 2)..]);
        }
        catch (RenderException)
        {
            // It may work with another item.
        }
    }

    private static FluidParser CreateParser()
    {
        var parser = new FluidParser();
        foreach (var name in parser.RegisteredTags.Keys.Except(Tags).ToList()) parser.RegisteredTags.Remove(name);
        return parser;
    }

    private static TemplateOptions CreateOptions()
    {
        var options = new TemplateOptions { MaxSteps = TemplateBudget.MaxSteps, MaxRecursion = 64 };
        options.MemberAccessStrategy = new DefaultMemberAccessStrategy();
        options.Undefined = name => new(new NoValue($"'{Excerpt.Of(name)}' has no value here: nothing has been assigned to it."));
        return options;
    }
}

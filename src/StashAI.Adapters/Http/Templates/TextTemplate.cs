using Fluid;
using Fluid.Ast;
using Fluid.Parser;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Templates;

/// <summary>A compiled Liquid template; safe for concurrent use.</summary>
internal sealed class TextTemplate
{
    /// <summary>Templates are short; a parser follows a long one in ways that nobody bounds.</summary>
    private const int MaxLength = 64 * 1024;

    private static readonly string[] Tags =
        ["assign", "capture", "case", "comment", "cycle", "decrement", "for", "if", "increment", "raw", "unless", "break", "continue", "#"];

    private static readonly FluidParser Parser = NewParser();
    private static readonly TemplateOptions Options = NewOptions();

    private readonly string? constant;
    private readonly FluidTemplate? template;
    private readonly string place;

    private TextTemplate(string? constant, FluidTemplate? template, string place, string source) =>
        (this.constant, this.template, this.place, Source) = (constant, template, place, source);

    /// <summary>As declared.</summary>
    public string Source { get; }

    /// <summary>True when it takes something from the environment or from a file.</summary>
    public bool HasReferences => EnvironmentText.References(Source).Count > 0;

    /// <summary>True when it is one output and nothing else.</summary>
    public bool IsLone => template is { Statements: [OutputStatement] };

    /// <summary>Checks and compiles a text.</summary>
    /// <param name="text">The template.</param>
    /// <param name="scope">What it may name.</param>
    /// <param name="form">What its outputs become.</param>
    /// <param name="place">Where it stands, for errors: file, line and field.</param>
    /// <exception cref="TemplateException">It cannot be used.</exception>
    public static TextTemplate Compile(string text, TemplateScope scope, OutputForm form = OutputForm.Text, string place = "the template")
    {
        if (!text.Contains('{', StringComparison.Ordinal)) return new TextTemplate(text, null, place, text);
        if (text.Length > MaxLength) throw new TemplateException(0, $"a template has at most {MaxLength} characters, and this has {text.Length}.");
        TemplateToken.Check(text);
        var referring = References.Compile(text);
        if (!Parser.TryParse(referring, out var parsed, out var error)) throw new TemplateException(TemplateToken.Find(text, "{%"), $"this is not a template: {Shorter.Of(error, 300)}");
        var locals = new LocalNames();
        locals.VisitTemplate(parsed);
        if (new TemplateCompiler(text, scope, form, locals.Names).VisitTemplate(parsed) is not FluidTemplate checkedTemplate) return new TextTemplate(referring, null, place, text);
        var template = new TextTemplate(null, checkedTemplate, place, text);
        if (text.Contains("{%", StringComparison.Ordinal)) template.Try(text, scope);
        return template;
    }

    /// <summary>Fills it in.</summary>
    /// <exception cref="RenderException">It cannot be filled in with these values.</exception>
    public string Render(TemplateValues values) => Render(values, out _);

    /// <summary>Fills it in; null when it is one output and nothing else, of a declared value that was not given.</summary>
    /// <exception cref="RenderException">It cannot be filled in with these values.</exception>
    public string? RenderOrNothing(TemplateValues values)
    {
        var text = Render(values, out var hasNothing);
        return hasNothing && IsLone ? null : text;
    }

    private string Render(TemplateValues values, out bool hasNothing)
    {
        hasNothing = false;
        if (constant is not null) return constant;
        var context = new RenderContext(Options, values);
        foreach (var (name, value) in values.Roots) context.SetValue(name, value);
        values.Budget.Start();
        try
        {
            var text = template!.Render(context);
            hasNothing = context.HasNothing;
            return text;
        }
        catch (RenderException error)
        {
            throw new RenderException($"{place}: {error.Message}", error.IsLimit);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new RenderException($"{place}: the template failed: {Shorter.Of(error.Message, 300)}");
        }
        finally
        {
            values.Budget.Stop();
        }
    }

    /// <summary>A template that goes too far with the shortest item will go too far with every other.</summary>
    private void Try(string text, TemplateScope scope)
    {
        try
        {
            Render(TemplateValues.Sample(scope));
        }
        catch (RenderException error) when (error.IsLimit)
        {
            throw new TemplateException(TemplateToken.Find(text, "for"), error.Message[(place.Length + 2)..]);
        }
        catch (RenderException)
        {
            // With another item it may work.
        }
    }

    private static FluidParser NewParser()
    {
        var parser = new FluidParser();
        foreach (var name in parser.RegisteredTags.Keys.Except(Tags).ToList()) parser.RegisteredTags.Remove(name);
        return parser;
    }

    private static TemplateOptions NewOptions()
    {
        var options = new TemplateOptions { MaxSteps = TemplateBudget.MaxSteps, MaxRecursion = 64 };
        options.MemberAccessStrategy = new DefaultMemberAccessStrategy();
        options.Undefined = name => new(new NoValue($"'{Shorter.Of(name)}' has no value here: nothing was assigned to it."));
        return options;
    }
}

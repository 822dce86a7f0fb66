using System.Collections.Concurrent;
using System.Globalization;
using DotLiquid;
using DotLiquid.Exceptions;
using StashAI.Adapters.Http.Declarations;

namespace StashAI.Adapters.Http.Templates;

/// <summary>A compiled Liquid template; safe for concurrent use.</summary>
internal sealed class TextTemplate
{
    /// <summary>More turns of all its loops than any request needs.</summary>
    private const int MaxTurns = 100_000;

    private const SyntaxCompatibility Syntax = SyntaxCompatibility.DotLiquid22a;

    private readonly string? constant;
    private readonly Template? template;

    // A context finds its filters by reflection, which takes longer than most calls; one that failed is not used again.
    private readonly ConcurrentBag<Context> contexts = [];

    private TextTemplate(string? constant, Template? template, string source) => (this.constant, this.template, Source) = (constant, template, source);

    /// <summary>As declared.</summary>
    public string Source { get; }

    /// <summary>True when it takes something from the environment or from a file.</summary>
    public bool HasReferences => EnvironmentText.References(Source).Count > 0;

    /// <summary>Checks and compiles a text.</summary>
    /// <param name="text">The template.</param>
    /// <param name="scope">What it may name.</param>
    /// <param name="filter">Put behind every output; null for none.</param>
    /// <exception cref="TemplateException">It cannot be used.</exception>
    public static TextTemplate Compile(string text, TemplateScope scope, string? filter = null)
    {
        TemplateCheck.Check(text, scope);
        if (!text.Contains('{', StringComparison.Ordinal)) return new TextTemplate(text, null, text);
        try
        {
            var referring = References.Compile(text);
            var template = Template.Parse(filter is null ? referring : TemplateToken.AppendFilter(referring, filter), Syntax);
            template.MakeThreadSafe();
            return new TextTemplate(null, template, text);
        }
        catch (Exception error) when (error is LiquidException or System.ArgumentException)
        {
            throw new TemplateException(Math.Max(0, text.IndexOf("{%", StringComparison.Ordinal)), error.Message);
        }
    }

    /// <summary>Fills it in.</summary>
    /// <exception cref="LiquidException">A filter was given what it cannot take.</exception>
    public string Render(TemplateValues values)
    {
        if (constant is not null) return constant;
        if (!contexts.TryTake(out var context)) context = NewContext();
        context.Environments.Add(values.Root);
        context.Scopes.Add([]);
        var text = template!.Render(new RenderParameters(CultureInfo.InvariantCulture) { Context = context });
        context.Environments.Clear();
        context.Scopes.Clear();
        context.Registers.Clear();
        contexts.Add(context);
        return text;
    }

    private static Context NewContext()
    {
        var context = new Context([], [], [], ErrorsOutputMode.Rethrow, MaxTurns, CultureInfo.InvariantCulture, CancellationToken.None)
        {
            SyntaxCompatibilityLevel = Syntax,
        };
        // A template that threads share takes no filters from its parameters.
        context.AddFilters(typeof(TemplateFilters));
        context.Scopes.Clear();
        return context;
    }
}

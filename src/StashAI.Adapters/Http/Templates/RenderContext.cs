using Fluid;

namespace StashAI.Adapters.Http.Templates;

/// <summary>The context of rendering a template once.</summary>
internal sealed class RenderContext(TemplateOptions options, TemplateValues values) : TemplateContext(options, StringComparer.Ordinal)
{
    public TemplateValues Values => values;

    public TemplateBudget Budget => values.Budget;

    /// <summary>True when an output was omitted because its declared value was not given.</summary>
    public bool HasOmittedOutput { get; set; }

    /// <summary>True when a text contains the token of a file, even if its case was changed.</summary>
    public bool HasFile(string text) => values.HasFiles && text.Contains(values.Nonce, StringComparison.OrdinalIgnoreCase);
}

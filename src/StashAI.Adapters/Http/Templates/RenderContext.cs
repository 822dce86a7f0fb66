using Fluid;

namespace StashAI.Adapters.Http.Templates;

/// <summary>One filling-in of one template.</summary>
internal sealed class RenderContext(TemplateOptions options, TemplateValues values) : TemplateContext(options, StringComparer.Ordinal)
{
    public TemplateValues Values => values;

    public TemplateBudget Budget => values.Budget;

    /// <summary>True when an output had a declared value that was not given.</summary>
    public bool HasNothing { get; set; }

    /// <summary>True when a text has a file's token in it, also in a form that was changed.</summary>
    public bool HasFile(string text) => values.HasFiles && text.Contains(values.Nonce, StringComparison.OrdinalIgnoreCase);
}

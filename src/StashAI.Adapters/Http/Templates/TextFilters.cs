using System.Text;
using Fluid;
using Fluid.Values;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// Liquid's filters that can produce a long text or list from short ones. They count their result against the budget before creating it.
/// </summary>
internal static class TextFilters
{
    public static IReadOnlyDictionary<string, FilterDelegate> All { get; } = new Dictionary<string, FilterDelegate>(StringComparer.Ordinal)
    {
        ["append"] = (input, arguments, _) => Result(Text(input) + Text(arguments.At(0))),
        ["prepend"] = (input, arguments, _) => Result(Text(arguments.At(0)) + Text(input)),
        ["replace"] = (input, arguments, context) => Replace(
            Text(input), Text(arguments.At(0)), Text(arguments.At(1)), int.MaxValue, context),
        ["replace_first"] = (input, arguments, context) => Replace(Text(input), Text(arguments.At(0)), Text(arguments.At(1)), 1, context),
        ["replace_last"] = (input, arguments, _) => ReplaceLast(Text(input), Text(arguments.At(0)), Text(arguments.At(1))),
        ["join"] = Join,
        ["split"] = Split,
        ["concat"] = Concat,
    };

    private static string Text(FluidValue value) => TemplateText.Of(value) ?? "";

    private static TemplateBudget Budget(TemplateContext context) => ((RenderContext)context).Budget;

    private static ValueTask<FluidValue> Replace(string text, string old, string replacement, int maxReplacements, TemplateContext context)
    {
        if (old.Length == 0) throw new RenderException("replace needs a text to search for, but it is empty.");
        var result = new StringBuilder();
        var (at, count) = (0, 0);
        for (int next; count < maxReplacements && (next = text.IndexOf(old, at, StringComparison.Ordinal)) >= 0; count++)
        {
            Budget(context).CountCharacters(next - at + replacement.Length);
            result.Append(text, at, next - at).Append(replacement);
            at = next + old.Length;
        }

        return Result(count == 0 ? text : result.Append(text, at, text.Length - at).ToString());
    }

    private static ValueTask<FluidValue> ReplaceLast(string text, string old, string replacement)
    {
        var at = old.Length == 0 ? -1 : text.LastIndexOf(old, StringComparison.Ordinal);
        return Result(at < 0 ? text : string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + old.Length)));
    }

    private static ValueTask<FluidValue> Join(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        if (input is not ArrayValue list) return Result(Text(input));
        var separator = arguments.Count > 0 ? Text(arguments.At(0)) : " ";
        var result = new StringBuilder();
        for (var i = 0; i < list.Values.Count; i++)
        {
            var text = Text(list.Values[i]);
            Budget(context).CountCharacters(text.Length + separator.Length);
            if (i > 0) result.Append(separator);
            result.Append(text);
        }

        return Result(result.ToString());
    }

    private static ValueTask<FluidValue> Split(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var text = Text(input);
        var separator = Text(arguments.At(0));
        if (text.Length == 0) return new(ArrayValue.Empty);
        var parts = new List<FluidValue>();
        for (var at = 0; at <= text.Length;)
        {
            var next = separator.Length == 0 ? (at + 1 < text.Length ? at + 1 : -1) : text.IndexOf(separator, at, StringComparison.Ordinal);
            if (parts.Count >= TemplateBudget.MaxElements) Budget(context).CountElements(parts.Count + 1);
            parts.Add(new StringValue(next < 0 ? text[at..] : text[at..next], false));
            if (next < 0) break;
            at = next + separator.Length;
        }

        Budget(context).CountElements(parts.Count);
        return new(new ArrayValue(parts));
    }

    private static ValueTask<FluidValue> Concat(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        if (input is not ArrayValue first || arguments.At(0) is not ArrayValue other) throw new RenderException("concat needs two lists.");
        Budget(context).CountElements((long)first.Values.Count + other.Values.Count);
        return new(new ArrayValue([.. first.Values, .. other.Values]));
    }

    private static ValueTask<FluidValue> Result(string text) => new(new StringValue(text, false));
}

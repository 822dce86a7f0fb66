using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// The filters that templates can use: Liquid's, with limits on those that can produce long results, and json, base64, data_url and
/// path_segment.
/// </summary>
internal static partial class TemplateFilters
{
    private static readonly string[] LiquidFilters =
    [
        "abs", "at_least", "at_most", "base64_decode", "base64_encode", "base64_url_safe_decode", "base64_url_safe_encode", "capitalize",
        "ceil", "compact", "date", "default", "divided_by", "downcase", "escape", "escape_once", "first", "floor", "hmac_sha1",
        "hmac_sha256", "last", "lstrip", "map", "md5", "minus", "modulo", "newline_to_br", "plus", "remove", "remove_first", "remove_last",
        "reverse", "round", "rstrip", "sha1", "sha256", "size", "slice", "sort", "sort_natural", "strip", "strip_html", "strip_newlines",
        "sum", "times", "truncate", "truncatewords", "uniq", "upcase", "url_decode", "url_encode", "where",
    ];

    private static readonly FrozenSet<string> NumberFilters =
        new[] { "abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times" }.ToFrozenSet();

    /// <summary>The filters that accept files, because they keep a token intact.</summary>
    private static readonly FrozenSet<string> FileFilters =
        new[] { "append", "prepend", "base64", "data_url", "json", "default", "join", "concat" }.ToFrozenSet();

    public static FrozenDictionary<string, FilterDelegate> All { get; } = CreateAll().ToFrozenDictionary();

    public static bool AcceptsFiles(string name) => FileFilters.Contains(name);

    /// <summary>Why a filter refuses a file.</summary>
    public static string FileRefusal(string name) =>
        $"the filter {name} cannot take a file: use base64, data_url, json, append or prepend.";

    /// <summary>
    /// The largest factor by which a filter's result can be longer than its input; 1 for filters that count their output themselves.
    /// </summary>
    public static int MaxGrowth(string name) => name switch
    {
        "url_encode" or "path_segment" => 9,
        "escape" or "escape_once" or "json" or "newline_to_br" => 6,
        "base64" or "base64_encode" or "base64_url_safe_encode" => 4,
        _ => 1,
    };

    private static Dictionary<string, FilterDelegate> CreateAll()
    {
        var filters = new Dictionary<string, FilterDelegate>(StringComparer.Ordinal);
        var liquid = new TemplateOptions().Filters;
        foreach (var name in LiquidFilters)
        {
            if (liquid.TryGetValue(name, out var filter)) filters[name] = NumberFilters.Contains(name) ? WithNumbers(name, filter) : filter;
        }

        foreach (var (name, filter) in TextFilters.All) filters[name] = filter;
        filters["date"] = WithBoundedWidth(filters["date"]);
        filters["json"] = (input, _, _) => Text(TemplateText.Json(input));
        filters["base64"] = Base64;
        filters["data_url"] = (input, _, _) => Text(
            input is TemplateFile file ? file.DataUrl : throw new RenderException("data_url needs a file."));
        filters["path_segment"] = (input, _, _) => Text(Uri.EscapeDataString(TemplateText.Of(input) ?? ""));
        return filters;
    }

    private static ValueTask<FluidValue> Base64(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        if (input is TemplateFile file) return Text(file.Token);
        var text = TemplateText.Of(input) ?? "";
        return ((RenderContext)context).HasFile(text)
            ? throw new RenderException("the text contains a file, which is already base64: remove the filter base64.")
            : Text(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Refuses date formats with a width of three or more digits, which could produce gigabytes.</summary>
    private static FilterDelegate WithBoundedWidth(FilterDelegate filter) => (input, arguments, context) =>
    {
        if (TemplateText.Of(arguments.At(0)) is { } format && TooWide().IsMatch(format))
        {
            throw new RenderException("a part of a date has at most 99 characters.");
        }

        return filter(input, arguments, context);
    };

    [GeneratedRegex("%[^A-Za-z%]*[0-9]{3}", RegexOptions.CultureInvariant)]
    private static partial Regex TooWide();

    /// <summary>Refuses inputs that are not numbers; Liquid would treat them as 0.</summary>
    private static FilterDelegate WithNumbers(string name, FilterDelegate filter) => (input, arguments, context) =>
    {
        var exact = new FilterArguments();
        foreach (var argument in arguments.Values) exact.Add(Number(name, argument));
        return filter(Number(name, input), exact, context);
    };

    private static NumberValue Number(string name, FluidValue value) => value switch
    {
        NumberValue number => number,
        JsonNumber number => NumberValue.Create(number.ToNumberValue()),
        StringValue text when ExactNumber.Read(text.ToStringValue()) is { } number =>
            NumberValue.Create(new JsonNumber(number).ToNumberValue()),
        NoValue => throw new RenderException($"{name} needs a number, but the value is missing: put | default: 0 before it."),
        _ => throw new RenderException(
            $"{name} needs numbers, not {(value is StringValue text ? $"'{Excerpt.Of(text.ToStringValue())}'" : $"a {value.Type}")}."),
    };

    private static ValueTask<FluidValue> Text(string text) => new(new StringValue(text, false));
}

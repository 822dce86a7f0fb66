using System.Globalization;
using StashAI.Adapters.Http.Schemas;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// Reads the keys of a mapping. Errors are added to a list and reading continues, so that one check finds them all. Keys that no code has
/// read are unknown; see <see cref="ReportUnknownKeys"/>.
/// </summary>
internal sealed class YamlMap(YamlMappingNode node, string subject, List<DeclarationError> errors)
{
    private const int MaxErrors = 100;
    private const int MaxMessage = 1000;

    private readonly HashSet<string> readKeys = [];

    public YamlMappingNode Node => node;

    /// <summary>Treats a node as a mapping; reports an error and returns null when it is not one.</summary>
    public static YamlMap? From(YamlNode node, string subject, List<DeclarationError> errors)
    {
        if (node is YamlMappingNode mapping) return new YamlMap(mapping, subject, errors);
        Report(errors, node, $"{subject} must be a mapping of keys to values.");
        return null;
    }

    public static void Report(List<DeclarationError> errors, YamlNode node, string message) =>
        Add(errors, new DeclarationError((int)node.Start.Line, (int)node.Start.Column, Excerpt.Of(message, MaxMessage)));

    /// <summary>Adds an error, up to a maximum number.</summary>
    public static void Add(List<DeclarationError> errors, DeclarationError error)
    {
        if (errors.Count < MaxErrors) errors.Add(error);
    }

    /// <summary>The value of a key; null when it is missing or empty.</summary>
    public YamlNode? Find(string key)
    {
        readKeys.Add(key);
        foreach (var (name, value) in node.Children)
        {
            if (name is YamlScalarNode { Value: { } text } && text == key) return YamlValue.IsNull(value) ? null : value;
        }

        return null;
    }

    /// <summary>The value of a key; reports an error when it is missing.</summary>
    public YamlNode? Require(string key, string example)
    {
        var value = Find(key);
        if (value is null) Report(errors, node, $"{subject} needs {key}, for example {example}.");
        return value;
    }

    public string? Text(string key) => Scalar(key, "a text");

    public YamlMap? Map(string key) => Find(key) is { } value ? From(value, key, errors) : null;

    public int? Integer(string key, int minimum, int maximum) => Number(key, minimum, maximum) switch
    {
        null => null,
        { } number when number == Math.Floor(number) => (int)number,
        _ => Invalid<int>(key, "a whole number"),
    };

    public double? Number(string key, double minimum, double maximum)
    {
        if (Scalar(key, "a number") is not { } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= minimum
            && number <= maximum
            ? number
            : Invalid<double>(key, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"));
    }

    /// <summary>A number with any number of digits.</summary>
    public ExactNumber? Exact(string key) =>
        Scalar(key, "a number") is not { } text ? null : ExactNumber.Read(text) ?? Invalid<ExactNumber>(key, "a number");

    public bool? Boolean(string key) => Scalar(key, "true or false") switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => Invalid<bool>(key, "true or false"),
    };

    /// <summary>A duration such as <c>30s</c>, <c>500ms</c>, <c>2m</c> or <c>1h</c>, or a number of seconds.</summary>
    public TimeSpan? Duration(string key)
    {
        if (Scalar(key, "a duration") is not { } text) return null;
        var digits = text.TrimEnd('m', 's', 'h', ' ');
        var unit = text[digits.Length..].Trim() switch { "ms" => 0.001, "" or "s" => 1.0, "m" => 60, "h" => 3600, _ => 0 };
        return unit > 0 && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0
            && number * unit <= 86400
            ? TimeSpan.FromSeconds(number * unit)
            : Invalid<TimeSpan>(key, "a duration of at most a day, such as 500ms, 30s, 2m or 1h");
    }

    /// <summary>A list of texts; a single text is a list of one.</summary>
    public IReadOnlyList<YamlScalarNode> Texts(string key) => Find(key) switch
    {
        null => [],
        YamlScalarNode scalar => [scalar],
        YamlSequenceNode many when many.Children.All(child => child is YamlScalarNode) => [.. many.Children.Cast<YamlScalarNode>()],
        _ => Invalid<YamlScalarNode[]>(key, "a list of texts", []),
    };

    /// <summary>The members in order, for mappings with arbitrary keys.</summary>
    public IEnumerable<(YamlScalarNode Key, YamlNode Value)> Members()
    {
        foreach (var (name, value) in node.Children)
        {
            if (name is YamlScalarNode scalar) yield return (scalar, value);
            else Report(errors, name, "A key must be a text.");
        }
    }

    /// <summary>Reports the keys that no code has read.</summary>
    public void ReportUnknownKeys()
    {
        foreach (var (name, _) in Members())
        {
            if (!readKeys.Contains(name.Value!))
            {
                Report(
                    errors,
                    name,
                    $"{subject} does not have the key '{name.Value}'.{FieldCheck.Suggest(name.Value!, readKeys)} Its keys are "
                    + $"{string.Join(", ", readKeys.Order(StringComparer.Ordinal))}.");
            }
        }
    }

    /// <summary>Reports that the value of a key must be something else.</summary>
    public void Invalid(string key, string requirement) => Report(errors, Find(key) ?? node, $"{key} must be {requirement}.");

    private string? Scalar(string key, string requirement) => Find(key) switch
    {
        null => null,
        YamlScalarNode { Value: { } text } => text,
        _ => Invalid<string?>(key, requirement, null),
    };

    private T? Invalid<T>(string key, string requirement)
        where T : struct
    {
        Invalid(key, requirement);
        return null;
    }

    private T Invalid<T>(string key, string requirement, T fallback)
    {
        Invalid(key, requirement);
        return fallback;
    }
}

using System.Globalization;
using StashAI.Adapters.Http.Calls;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// Reads the parts of a declaration that describe answers: where the result and errors are, what to retry, and how to summarize results.
/// </summary>
internal sealed class AnswerReader(List<DeclarationError> errors)
{
    private static readonly Dictionary<string, FoldKind> FoldKinds = new()
    {
        ["count"] = FoldKind.Count,
        ["sum"] = FoldKind.Sum,
        ["min"] = FoldKind.Min,
        ["max"] = FoldKind.Max,
        ["mean"] = FoldKind.Mean,
        ["count_by"] = FoldKind.CountBy,
    };

    public DeclaredRules ReadRules(YamlMap operation, YamlMap service)
    {
        var rules = ReadResult(operation.Find("result"));
        return ReadErrors(rules, operation, service);
    }

    /// <summary>The rules of calls whose whole answer is the result.</summary>
    public DeclaredRules ReadErrorRules(YamlMap operation, YamlMap service) => ReadErrors(new DeclaredRules(), operation, service);

    public DeclaredFold? ReadFold(YamlMap operation)
    {
        if (operation.Map("fold") is not { } map) return null;
        var fields = new List<FoldField>();
        foreach (var (name, value) in map.Members())
        {
            if (value is YamlMappingNode { Children.Count: 1 } node
                && node.Children.First() is { Key: YamlScalarNode { Value: { } kind }, Value: YamlScalarNode pointer }
                && FoldKinds.TryGetValue(kind, out var known))
            {
                fields.Add(new FoldField(name.Value!, known, ReadPointer(pointer)));
            }
            else
            {
                YamlMap.Report(
                    errors,
                    value,
                    $"{name.Value} must be one of {string.Join(", ", FoldKinds.Keys)} with a JSON pointer into the result, "
                    + "such as {sum: /length}.");
            }
        }

        return new DeclaredFold(fields);
    }

    public JsonPointer ReadPointer(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } text } && JsonPointer.Parse(text) is { } pointer) return pointer;
        YamlMap.Report(errors, node, "This must be a JSON pointer such as /data/0/text; an empty text means the whole answer.");
        return JsonPointer.Root;
    }

    public DeclaredRules ReadResult(YamlNode? node)
    {
        if (node is null) return new DeclaredRules();
        if (node is YamlScalarNode) return new DeclaredRules { Result = ReadPointer(node) };
        if (YamlMap.From(node, "result", errors) is not { } map) return new DeclaredRules();
        var format = map.Text("format") ?? "json";
        if (format is not ("json" or "text")) map.Invalid("format", "json or text");
        var rules = new DeclaredRules
        {
            IsText = format == "text",
            Result = map.Find("pointer") is { } pointer ? ReadPointer(pointer) : JsonPointer.Root,
            Fields = ReadFields(map.Map("fields")),
            OptionalFields = ReadFields(map.Map("optional")),
        };
        if (rules.OptionalFields.Count > 0 && rules.Fields.Count == 0) map.Invalid("optional", "omitted when there are no fields");
        if (rules.OptionalFields.Select(part => part.Key).Intersect(rules.Fields.Select(part => part.Key))
            .FirstOrDefault() is { } duplicate)
        {
            map.Invalid("optional", $"without {duplicate}, which is already one of the fields");
        }

        if (rules.IsText && (rules.Fields.Count > 0 || !rules.Result.IsRoot))
        {
            map.Invalid("format", "json when the result has fields or a pointer");
        }

        map.ReportUnknownKeys();
        return rules;
    }

    private IReadOnlyList<KeyValuePair<string, JsonPointer>> ReadFields(YamlMap? map) =>
        map is null
            ? []
            : [.. map.Members().Select(part => new KeyValuePair<string, JsonPointer>(part.Key.Value!, ReadPointer(part.Value)))];

    private DeclaredRules ReadErrors(DeclaredRules rules, YamlMap operation, YamlMap service)
    {
        // The errors of an operation replace those of the service.
        var own = operation.Map("errors");
        var shared = service.Map("errors");
        return (own ?? shared) is { } map ? ReadErrors(rules, map) : rules;
    }

    private DeclaredRules ReadErrors(DeclaredRules rules, YamlMap map)
    {
        var statuses = new Dictionary<int, StatusMeaning>();
        foreach (var (key, meaning) in (ReadOnlySpan<(string, StatusMeaning)>)
            [("fail", StatusMeaning.Fail), ("retry", StatusMeaning.Retry), ("throttle", StatusMeaning.Throttle)])
        {
            foreach (var node in map.Texts(key))
            {
                if (!int.TryParse(node.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 400 or > 599)
                    YamlMap.Report(errors, node, $"'{node.Value}' is not an error status: {key} lists numbers from 400 to 599.");
                else if (!statuses.TryAdd(status, meaning))
                    YamlMap.Report(errors, node, $"{status} is listed twice.");
            }
        }

        var read = new DeclaredRules
        {
            IsText = rules.IsText,
            Result = rules.Result,
            Fields = rules.Fields,
            OptionalFields = rules.OptionalFields,
            Message = map.Find("message") is { } message ? ReadPointer(message) : null,
            ErrorInAnswer = map.Find("in_answer") is { } place ? ReadPointer(place) : null,
            Statuses = statuses,
            RetryTexts = ReadTexts(map, "retry_text"),
            FailTexts = ReadTexts(map, "fail_text"),
        };
        map.ReportUnknownKeys();
        return read;
    }

    /// <summary>Reads texts that are looked for in answers. An empty one would be in every answer.</summary>
    private string[] ReadTexts(YamlMap map, string key)
    {
        var texts = map.Texts(key).ToList();
        foreach (var empty in texts.Where(text => string.IsNullOrWhiteSpace(text.Value)))
        {
            YamlMap.Report(errors, empty, $"{key} lists texts of answers, and this one is empty: every answer would match it.");
        }

        return [.. texts.Select(text => text.Value!)];
    }
}

using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// Reads which of OpenAI's routes a service speaks: <c>openai: [/v1/embeddings]</c>, or a mapping with <c>routes</c>, <c>models</c>,
/// <c>errors</c> and <c>cost</c>.
/// </summary>
internal sealed class OpenAiReader(List<DeclarationError> errors)
{
    /// <summary>The key of a declaration.</summary>
    public const string Key = "openai";

    private const string StreamSuffix = "-stream";

    /// <summary>
    /// The routes, and where an answer says how many tokens it took. The bodies and answers of most are JSON; a form has a file.
    /// </summary>
    private static readonly (string Path, string? Input, string? Output, bool IsForm)[] Known =
    [
        ("/v1/chat/completions", "prompt_tokens", "completion_tokens", false),
        ("/v1/completions", "prompt_tokens", "completion_tokens", false),
        ("/v1/embeddings", "prompt_tokens", null, false),
        ("/v1/moderations", null, null, false),
        ("/v1/responses", "input_tokens", "output_tokens", false),
        ("/v1/audio/transcriptions", "input_tokens", "output_tokens", true),
    ];

    private static readonly FieldSchema ItemWithFile = new()
    {
        Type = FieldType.Record,
        Properties = [new(OpenAiRoute.FileField, new FieldSchema { Type = FieldType.File })],
    };

    /// <summary>Reads the routes of a service; none when it does not declare any.</summary>
    public IReadOnlyList<OpenAiRoute> Read(YamlMap service, string name, double? cost)
    {
        if (service.Find(Key) is not { } node) return [];
        if (node is not YamlMappingNode mapping)
        {
            var shared = new AnswerReader(errors).ReadErrorRules(new YamlMap(new YamlMappingNode(), Key, errors), service);
            return [.. Routes(service.Texts(Key), name, [], shared, cost)];
        }

        var map = new YamlMap(mapping, Key, errors);
        if (map.Require("routes", "routes: [/v1/chat/completions]") is null) return [];
        var models = map.Texts("models");
        foreach (var empty in models.Where(model => string.IsNullOrWhiteSpace(model.Value)))
            YamlMap.Report(errors, empty, "A model must have a name, which may contain * for any characters.");
        var rules = new AnswerReader(errors).ReadErrorRules(map, service);
        var price = map.Number("cost", 0, 1e9) ?? cost;
        IReadOnlyList<OpenAiRoute> routes =
            [.. Routes(map.Texts("routes"), name, [.. models.Select(model => model.Value!)], rules, price)];
        map.ReportUnknownKeys();
        return routes;
    }

    private IEnumerable<OpenAiRoute> Routes(
        IReadOnlyList<YamlScalarNode> paths, string name, IReadOnlyList<string> models, DeclaredRules rules, double? cost)
    {
        var seen = new HashSet<string>();
        foreach (var node in paths)
        {
            var found = Array.Find(Known, one => one.Path == node.Value);
            if (found.Path is null)
            {
                YamlMap.Report(
                    errors, node, $"'{node.Value}' is not valid; use one of {string.Join(", ", Known.Select(one => one.Path))}.");
            }
            else if (!seen.Add(found.Path))
            {
                YamlMap.Report(errors, node, $"{found.Path} is listed twice.");
            }
            else
            {
                yield return new OpenAiRoute(found.Path, models, OperationOf(found, name, "", rules, FoldOf(found), cost))
                {
                    StreamOperation = found.Output is null ? null : OperationOf(found, name, StreamSuffix, rules.AsText(), null, cost),
                };
            }
        }
    }

    private static DeclaredOperation OperationOf(
        (string Path, string? Input, string? Output, bool IsForm) route, string name, string suffix, DeclaredRules rules,
        DeclaredFold? fold, double? cost)
    {
        var item = route.IsForm ? ItemWithFile : FieldSchema.Any;
        var scope = new TemplateScope(item, FieldSchema.Any);
        var request = new RequestTemplate
        {
            Method = HttpMethod.Post,
            Path = TextTemplate.Compile(route.Path, scope, OutputForm.PathSegment),
            PathText = route.Path,
            Query = [],
            Scope = scope,
            Body = route.IsForm ? new BodyTemplate.ItemForm(OpenAiRoute.FileField) : BodyTemplate.WholeItem.Instance,
        };
        var word = route.Path["/v1/".Length..].Replace('/', '-') + suffix;
        var (service, operation) = (name.Replace('-', '_'), word.Replace('-', '_'));
        return new DeclaredOperation(request, rules)
        {
            Operation = new AdapterOperation($"openai-{word}", $"{service}_openai_{operation}", $"{service}_batch_openai_{operation}")
            {
                Fold = fold,
            },
            Item = item,
            CostPerItem = cost,
        };
    }

    /// <summary>The tokens of all answers, by the names of a batch's usage.</summary>
    private static DeclaredFold? FoldOf((string Path, string? Input, string? Output, bool IsForm) route)
    {
        if (route.Input is not { } input) return null;
        List<FoldField> fields = [Sum("input_tokens", $"/usage/{input}"), Sum("total_tokens", "/usage/total_tokens")];
        fields.Add(Sum("cached_tokens", $"/usage/{input}_details/cached_tokens"));
        if (route.Output is { } output)
        {
            fields.Add(Sum("output_tokens", $"/usage/{output}"));
            fields.Add(Sum("reasoning_tokens", $"/usage/{output}_details/reasoning_tokens"));
        }

        return new DeclaredFold(fields);
        static FoldField Sum(string field, string pointer) => new(field, FoldKind.Sum, JsonPointer.Parse(pointer)!);
    }
}

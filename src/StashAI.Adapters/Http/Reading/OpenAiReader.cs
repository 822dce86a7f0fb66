using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Events;
using StashAI.Adapters.Http.Schemas;
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

    /// <summary>
    /// The routes, and where an answer says how many tokens it took. The bodies and answers of most are JSON; a form has a file.
    /// </summary>
    private static readonly Route[] Known =
    [
        new("/v1/chat/completions", "prompt_tokens", "completion_tokens") { Events = EventForms.Chat },
        new("/v1/completions", "prompt_tokens", "completion_tokens") { Events = EventForms.Completions },
        new("/v1/embeddings", "prompt_tokens", null),
        new("/v1/moderations", null, null),
        new("/v1/responses", "input_tokens", "output_tokens") { Events = EventForms.Responses },
        new("/v1/audio/transcriptions", "input_tokens", "output_tokens") { Events = EventForms.Transcription, IsForm = true },
    ];

    private static readonly FieldSchema ItemWithFile = new()
    {
        Type = FieldType.Record,
        Properties = [new(DialectRoute.FileField, new FieldSchema { Type = FieldType.File })],
    };

    private readonly DialectReader shared = new(Key, errors);

    /// <summary>Reads the routes of a service; none when it does not declare any.</summary>
    public IReadOnlyList<DialectRoute> Read(YamlMap service, string name, DeclaredCost? cost)
    {
        if (service.Find(Key) is not { } node) return [];
        if (node is not YamlMappingNode mapping)
            return [.. Routes(service.Texts(Key), name, [], shared.ReadRules(service), cost, DialectReuse.Read(service, null))];
        var map = new YamlMap(mapping, Key, errors);
        if (map.Require("routes", "routes: [/v1/chat/completions]") is null) return [];
        var models = shared.ReadModels(map);
        var rules = shared.ReadRules(map, service);
        var price = new CostReader(errors).Read(map) ?? cost;
        IReadOnlyList<DialectRoute> routes =
            [.. Routes(map.Texts("routes"), name, models, rules, price, DialectReuse.Read(service, map))];
        map.ReportUnknownKeys();
        return routes;
    }

    private IEnumerable<DialectRoute> Routes(
        IReadOnlyList<YamlScalarNode> paths, string name, IReadOnlyList<string> models, DeclaredRules rules, DeclaredCost? cost,
        DialectReuse reuse)
    {
        var seen = new HashSet<string>();
        foreach (var node in paths)
        {
            var found = Array.Find(Known, one => one.Path == node.Value);
            if (found is null)
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
                var word = found.Path["/v1/".Length..].Replace('/', '-');
                var call = new DialectCall(word, found.Path, FoldOf(found));
                if (found.IsForm) call = call with { Item = ItemWithFile, Body = new BodyTemplate.ItemForm(DialectRoute.FileField) };
                var streamed = call with { Word = word + DialectReader.StreamSuffix, Fold = null };
                yield return new DialectRoute(found.Path, models, shared.OperationOf(call, name, rules, cost, reuse))
                {
                    // The pieces of an answer are for the client that waits for them, and are not reused.
                    StreamOperation = found.Events is null
                        ? null : shared.OperationOf(streamed, name, rules.AsText(), cost) with { Events = found.Events },
                };
            }
        }
    }

    /// <summary>The tokens of all answers, by the names of a batch's usage.</summary>
    private static DeclaredFold? FoldOf(Route route)
    {
        if (route.Input is not { } input) return null;
        List<FoldField> fields = [Sum("input_tokens", $"/usage/{input}"), Sum("total_tokens", "/usage/total_tokens")];
        fields.Add(Sum("cached_tokens", $"/usage/{input}_details/cached_tokens"));
        if (route.Output is { } output)
        {
            fields.Add(Sum("output_tokens", $"/usage/{output}"));
            fields.Add(Sum("reasoning_tokens", $"/usage/{output}_details/reasoning_tokens"));
        }

        return new DeclaredFold(fields) { CountsTokens = true };
        static FoldField Sum(string field, string pointer) => new(field, FoldKind.Sum, JsonPointer.Parse(pointer)!);
    }

    /// <summary>A route.</summary>
    /// <param name="Path">The path.</param>
    /// <param name="Input">The field of <c>usage</c> with the tokens that an answer took; null for none.</param>
    /// <param name="Output">The field of <c>usage</c> with the tokens that it has; null for none.</param>
    private sealed record Route(string Path, string? Input, string? Output)
    {
        /// <summary>What a stream of it is; null for a route that has none.</summary>
        public EventForm? Events { get; init; }

        /// <summary>True for a route whose body is a form with a file.</summary>
        public bool IsForm { get; init; }
    }
}

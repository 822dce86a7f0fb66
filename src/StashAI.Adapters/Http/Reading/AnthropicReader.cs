using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Events;
using StashAI.Adapters.Http.Messages;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// Reads whether a service speaks Anthropic's messages: <c>anthropic: [/v1/messages]</c>, or a mapping with <c>routes</c>, <c>models</c>,
/// <c>errors</c> and <c>cost</c>. A service in OpenAI's form has <c>through</c> instead of <c>routes</c>, and <c>speaks</c>.
/// </summary>
internal sealed class AnthropicReader(List<DeclarationError> errors)
{
    /// <summary>The key of a declaration.</summary>
    public const string Key = "anthropic";

    private const string Word = "messages";
    private const string Messages = "/v1/messages";
    private const string Chat = "/v1/chat/completions";

    private static readonly string[] Features = ["images", "tools"];

    /// <summary>Servers of Anthropic's API refuse calls without it; a declaration may name another version.</summary>
    private static readonly KeyValuePair<string, string>[] Headers = [new("anthropic-version", "2023-06-01")];

    private readonly DialectReader shared = new(Key, errors);

    /// <summary>Reads the route of a service; none when it does not declare any.</summary>
    public IReadOnlyList<DialectRoute> Read(YamlMap service, string name, DeclaredCost? cost)
    {
        if (service.Find(Key) is not { } node) return [];
        if (node is not YamlMappingNode mapping)
        {
            CheckRoutes(service.Texts(Key));
            return [RouteOf(name, [], null, shared.ReadRules(service), cost, DialectReuse.Read(service, null))];
        }

        var map = new YamlMap(mapping, Key, errors);
        var features = ReadMapping(map);
        var models = shared.ReadModels(map);
        var rules = shared.ReadRules(map, service);
        var price = new CostReader(errors).Read(map) ?? cost;
        var reuse = DialectReuse.Read(service, map);
        map.ReportUnknownKeys();
        return [RouteOf(name, models, features, rules, price, reuse)];
    }

    /// <summary>What a service in OpenAI's form understands; null for one in Anthropic's.</summary>
    private MappedFeatures? ReadMapping(YamlMap map)
    {
        var speaks = map.Texts("speaks");
        if (map.Text("through") is { } through)
        {
            if (through != Chat) map.Invalid("through", Chat);
            if (map.Find("routes") is not null) map.Invalid("routes", "omitted beside through, which says that messages are mapped");
            foreach (var wrong in speaks.Where(feature => !Features.Contains(feature.Value)))
                YamlMap.Report(errors, wrong, $"'{wrong.Value}' is not valid; use {string.Join(" or ", Features)}.");
            return new MappedFeatures(Has("images"), Has("tools"));
        }

        if (speaks.Count > 0) map.Invalid("speaks", $"omitted without through: {Chat}");
        if (map.Require("routes", $"routes: [{Messages}]") is not null) CheckRoutes(map.Texts("routes"));
        return null;

        bool Has(string feature) => speaks.Any(one => one.Value == feature);
    }

    private void CheckRoutes(IReadOnlyList<YamlScalarNode> routes)
    {
        foreach (var wrong in routes.Where(route => route.Value != Messages))
            YamlMap.Report(errors, wrong, $"'{wrong.Value}' is not valid; use {Messages}.");
        foreach (var second in routes.Skip(1)) YamlMap.Report(errors, second, $"{Messages} is listed twice.");
    }

    private DialectRoute RouteOf(
        string name, IReadOnlyList<string> models, MappedFeatures? mapping, DeclaredRules rules, DeclaredCost? cost,
        DialectReuse reuse)
    {
        var call = new DialectCall(Word, Messages, Tokens()) { Headers = Headers };
        var streamed = call with { Word = Word + DialectReader.StreamSuffix, Fold = null };
        if (mapping is not { } speaks)
        {
            return new DialectRoute(Messages, models, shared.OperationOf(call, name, rules, cost, reuse))
            {
                StreamOperation = shared.OperationOf(streamed, name, rules.AsText(), cost) with { Events = EventForms.Messages },
            };
        }

        var mapped = new DialectCall(Word, Chat, Tokens()) { Body = BodyOf(isStream: false) };
        var mappedStream = new DialectCall(Word + DialectReader.StreamSuffix, Chat, null) { Body = BodyOf(isStream: true) };
        return new DialectRoute(
            Messages, models, shared.OperationOf(mapped, name, rules, cost, reuse) with { MapAnswer = MessageAnswer.Of })
        {
            StreamOperation = shared.OperationOf(mappedStream, name, rules.AsText(), cost) with
            {
                Events = EventForms.Chat,
                MapLines = MessageStream.Begin,
                MapAnswer = MessageStream.Of,
            },
        };

        BodyTemplate BodyOf(bool isStream) => new BodyTemplate.MappedItem(request => ChatRequest.Of(request, speaks, isStream));
    }

    /// <summary>The tokens of all answers, by the names of a message's usage.</summary>
    private static DeclaredFold Tokens() => new(
    [
        .. ((string[])["input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"])
            .Select(field => new FoldField(field, FoldKind.Sum, JsonPointer.Parse($"/usage/{field}")!)),
    ])
    {
        CountsTokens = true,
    };
}

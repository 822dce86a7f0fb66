using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads what the declarations of the routes of other APIs have in common.</summary>
/// <param name="key">The key of a declaration, which is also in the names of operations.</param>
/// <param name="errors">Receives what is wrong.</param>
internal sealed class DialectReader(string key, List<DeclarationError> errors)
{
    /// <summary>The end of the names of operations whose answers come in pieces.</summary>
    public const string StreamSuffix = "-stream";

    /// <summary>The models of a mapping; empty for all.</summary>
    public IReadOnlyList<string> ReadModels(YamlMap map)
    {
        var models = map.Texts("models");
        foreach (var empty in models.Where(model => string.IsNullOrWhiteSpace(model.Value)))
            YamlMap.Report(errors, empty, "A model must have a name, which may contain * for any characters.");
        return [.. models.Select(model => model.Value!)];
    }

    /// <summary>The rules for errors of a mapping, or of the service where the mapping has none.</summary>
    public DeclaredRules ReadRules(YamlMap map, YamlMap service) => new AnswerReader(errors).ReadErrorRules(map, service).ForDialect();

    /// <summary>The rules for errors of the service, for a key that is no mapping.</summary>
    public DeclaredRules ReadRules(YamlMap service) => ReadRules(new YamlMap(new YamlMappingNode(), key, errors), service);

    /// <summary>An operation that sends an item to a route.</summary>
    /// <param name="called">How the route is called.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="rules">Interpret the answers.</param>
    /// <param name="cost">What it costs; null when that is not declared.</param>
    /// <param name="reuse">How its results are reused; null for not at all.</param>
    public DeclaredOperation OperationOf(
        DialectCall called, string service, DeclaredRules rules, DeclaredCost? cost, DialectReuse? reuse = null)
    {
        var scope = new TemplateScope(called.Item, FieldSchema.Any);
        var request = new RequestTemplate
        {
            Method = HttpMethod.Post,
            Path = TextTemplate.Compile(called.Path, scope, OutputForm.PathSegment),
            PathText = called.Path,
            Query = [],
            Scope = scope,
            Body = called.Body,
            Headers = called.Headers,
        };
        var prefix = service.Replace('-', '_');
        var suffix = $"{key}_{called.Word.Replace('-', '_')}";
        return new DeclaredOperation(request, rules)
        {
            Operation = new AdapterOperation($"{key}-{called.Word}", $"{prefix}_{suffix}", $"{prefix}_batch_{suffix}")
            {
                Fold = called.Fold,
                ResultVersion = reuse?.Version,
                Cache = reuse?.Cache ?? ResultCache.Off,
            },
            Item = called.Item,
            Cost = cost,
        };
    }
}

/// <summary>How results of a route are reused.</summary>
/// <param name="Version">The version of the declaration.</param>
/// <param name="Cache">Whether jobs that do not say take known results.</param>
internal sealed record DialectReuse(string Version, ResultCache Cache)
{
    /// <summary>Reads it from a service and the mapping of its routes; null without one.</summary>
    public static DialectReuse Read(YamlMap service, YamlMap? routes) =>
        new(DeclarationVersion.Of(service, routes?.Node), CacheReader.Read(service, routes));
}

/// <summary>How a route of another API is called.</summary>
/// <param name="Word">The end of the operation's name.</param>
/// <param name="Path">The path at the service.</param>
/// <param name="Fold">How its answers are summarized; null for nothing.</param>
internal sealed record DialectCall(string Word, string Path, DeclaredFold? Fold)
{
    /// <summary>What an item is; by default any JSON.</summary>
    public FieldSchema Item { get; init; } = FieldSchema.Any;

    /// <summary>The body; by default the item itself.</summary>
    public BodyTemplate Body { get; init; } = BodyTemplate.WholeItem.Instance;

    /// <summary>Headers that the route needs.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}

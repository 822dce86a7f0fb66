using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads the part of a declaration that lets several items share a call.</summary>
internal sealed class PackReader(FieldSchema item, TemplateReader templates)
{
    /// <param name="map">The value of the key <c>pack</c>.</param>
    /// <param name="rules">The rules for single items; the rules for errors apply to packs too.</param>
    public PackTemplate? Read(YamlMap map, DeclaredRules rules)
    {
        if (item.FileFields.Count > 0) map.Invalid("pack", "omitted: items with files need a call each");
        var answers = new AnswerReader(templates.Errors);
        map.Require("max", "32");
        var request = map.Require("request", "request: {path: /embed, json: {input: \"{{ items }}\"}}") is { } node
            ? YamlMap.From(node, "request", templates.Errors)
            : null;
        var pack = request is null ? null : new PackTemplate
        {
            MaxItems = map.Integer("max", 2, 10_000) ?? 2,
            Request = new RequestReader(item, templates).Read(request),
            Results = map.Find("results") is { } results ? answers.ReadPointer(results) : JsonPointer.Root,
            Answer = rules.ForErrors(),
            Element = answers.ReadResult(map.Find("result")),
        };
        map.ReportUnknownKeys();
        return pack;
    }
}

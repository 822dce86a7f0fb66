using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads how several items share a call.</summary>
internal sealed class PackReader(FieldSchema item, TemplateReader templates)
{
    /// <param name="map">The declaration.</param>
    /// <param name="rules">What answers to single items mean: errors are the same.</param>
    public PackTemplate? Read(YamlMap map, DeclaredRules rules)
    {
        if (item.FileFields.Count > 0) map.Wrong("pack", "left out: items with files have a call each");
        var answers = new AnswerReader(templates.Errors);
        map.Need("max", "32");
        var request = map.Need("request", "request: {path: /embed, json: {input: \"{{ items }}\"}}") is { } node ? YamlMap.Of(node, "request", templates.Errors) : null;
        var pack = request is null ? null : new PackTemplate
        {
            Max = map.Whole("max", 2, 10_000) ?? 2,
            Request = new RequestReader(item, templates).Read(request),
            Results = map.Find("results") is { } results ? answers.Pointer(results) : JsonPointer.Whole,
            Answer = rules.OfErrors(),
            Element = answers.ReadResult(map.Find("result")),
        };
        map.Close();
        return pack;
    }
}

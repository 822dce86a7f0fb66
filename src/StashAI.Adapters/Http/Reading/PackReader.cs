using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads how several items share a call.</summary>
internal sealed class PackReader(FieldSchema item, TemplateReader templates)
{
    private static readonly TimeSpan UsualLinger = TimeSpan.FromMilliseconds(5);

    public PackTemplate? Read(YamlMap map)
    {
        if (item.FileFields.Count > 0) map.Wrong("pack", "left out: items with files have a call each");
        var answers = new AnswerReader(templates.Errors);
        map.Need("max", "32");
        var request = map.Need("request", "request: {path: /embed, json: {input: \"{{ items }}\"}}") is { } node ? YamlMap.Of(node, "request", templates.Errors) : null;
        var pack = request is null ? null : new PackTemplate
        {
            Max = map.Whole("max", 2, 10_000) ?? 2,
            Linger = map.Duration("linger") ?? UsualLinger,
            Request = new RequestReader(item, templates).Read(request),
            Results = map.Find("results") is { } results ? answers.Pointer(results) : JsonPointer.Whole,
            Element = answers.ReadResult(map.Find("result")),
        };
        map.Close();
        return pack;
    }
}

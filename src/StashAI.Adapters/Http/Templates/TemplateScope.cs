using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Templates;

/// <summary>What a template may name: `item` (of a packed call `items`), `config` and `job`, with the properties that are declared for them.</summary>
internal sealed class TemplateScope(FieldSchema item, FieldSchema config, bool isPack = false)
{
    private static readonly string[] Job = ["id", "task_id", "index", "attempt"];

    /// <summary>The names at the root.</summary>
    public IReadOnlyList<string> Roots { get; } = [isPack ? "items" : "item", "config", "job"];

    /// <summary>Why `root.name` cannot be, or null.</summary>
    public string? Refuse(string root, string name)
    {
        var (known, where) = root switch
        {
            "job" => (Job, "a job has"),
            "config" => ([.. config.Properties.Select(property => property.Key)], "declared under config are"),
            _ when item.Type == FieldType.Record => ([.. item.Properties.Select(property => property.Key)], "an item has"),
            _ when item.Type == FieldType.File => (["size", "content_type", "data_url"], "a file has"),
            _ => (Array.Empty<string>(), ""),
        };
        if (where.Length == 0 || known.Contains(name)) return null;
        var list = known.Length == 0 ? "nothing" : string.Join(", ", known);
        return $"{root}.{name} is not known: {where} {list}.{FieldCheck.Suggest(name, known)}";
    }
}

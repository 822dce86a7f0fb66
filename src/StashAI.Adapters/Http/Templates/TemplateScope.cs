using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// The names that a template can use: <c>item</c> (or <c>items</c> in a packed call), <c>config</c> and <c>job</c>, with their declared
/// properties.
/// </summary>
internal sealed class TemplateScope(FieldSchema item, FieldSchema config, bool isPack = false)
{
    private static readonly FieldSchema Job = new()
    {
        Type = FieldType.Record,
        Properties =
        [
            new("id", new() { Type = FieldType.Text, IsRequired = true }),
            new("task_id", new() { Type = FieldType.Text, IsRequired = true }),
            new("index", new() { Type = FieldType.WholeNumber, IsRequired = true }),
            new("attempt", new() { Type = FieldType.WholeNumber, IsRequired = true }),
        ],
    };

    private static readonly FieldSchema Reference = new() { Type = FieldType.Text };

    private static readonly FieldSchema Size = new() { Type = FieldType.WholeNumber };

    /// <summary>The top-level names.</summary>
    public IReadOnlyList<string> Roots { get; } = [isPack ? "items" : "item", "config", "job"];

    /// <summary>The schema of an item.</summary>
    public FieldSchema Item => item;

    /// <summary>The schema of the configuration.</summary>
    public FieldSchema Config => config;

    /// <summary>True for the templates of a packed call.</summary>
    public bool IsPack => isPack;

    /// <summary>The schema of a top-level name; null when the name is not known.</summary>
    public FieldSchema? Find(string root) => root switch
    {
        "config" => config,
        "job" => Job,
        "items" when isPack => new FieldSchema { Type = FieldType.Array, Element = item },
        "item" when !isPack => item,
        _ when EnvironmentReferences.IsReferenceVariable(root) => Reference,
        _ => null,
    };

    /// <summary>The schema of a member of a value; null when the member is not known.</summary>
    public static FieldSchema? Member(FieldSchema schema, string name) => schema.Type switch
    {
        FieldType.Any => FieldSchema.Any,
        FieldType.Record => schema.Find(name),
        FieldType.File =>
            TemplateFile.Members.Contains(name) ? new FieldSchema { Type = name == "size" ? FieldType.WholeNumber : FieldType.Text } : null,
        FieldType.Array => name switch { "size" => Size, "first" or "last" => schema.Element ?? FieldSchema.Any, _ => null },
        FieldType.Text => name == "size" ? Size : null,
        _ => null,
    };

    /// <summary>Lists the members of a value, as the end of a sentence.</summary>
    public static string Members(string root, FieldSchema schema, string name)
    {
        IReadOnlyCollection<string> known = schema.Type switch
        {
            FieldType.Record => [.. schema.Properties.Select(property => property.Key)],
            FieldType.File => [.. TemplateFile.Members],
            FieldType.Array => ["size", "first", "last"],
            FieldType.Text => ["size"],
            _ => [],
        };
        var subject = schema.Type switch
        {
            FieldType.Record when root == "config" => "declared under config are",
            FieldType.Record => root == "job" ? "a job has" : "an item has",
            FieldType.File => "a file has",
            FieldType.Array => "a list has",
            FieldType.Text => "a text has",
            _ => "it has",
        };
        return $"{subject} {(known.Count == 0 ? "nothing" : Excerpt.List(known))}.{FieldCheck.Suggest(name, known)}";
    }
}

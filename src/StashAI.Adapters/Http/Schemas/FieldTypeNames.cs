namespace StashAI.Adapters.Http.Schemas;

/// <summary>The names of types in declarations and in JSON Schema.</summary>
internal static class FieldTypeNames
{
    private static readonly Dictionary<string, FieldType> Types = new()
    {
        ["string"] = FieldType.Text,
        ["secret"] = FieldType.Secret,
        ["integer"] = FieldType.WholeNumber,
        ["number"] = FieldType.Number,
        ["boolean"] = FieldType.Boolean,
        ["object"] = FieldType.Record,
        ["array"] = FieldType.Array,
        ["file"] = FieldType.File,
        ["any"] = FieldType.Any,
    };

    public static IReadOnlyCollection<string> All => Types.Keys;

    public static FieldType? Find(string name) => Types.TryGetValue(name, out var type) ? type : null;

    public static string Of(FieldType type) => Types.First(pair => pair.Value == type).Key;
}

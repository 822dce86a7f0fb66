using System.Text.Json;
using StashAI.Adapters.Http.Reading;

namespace StashAI.Gateway.Tests.Services;

/// <summary>The schema for editors knows what the reader knows.</summary>
public sealed class ServiceSchemaTests
{
    private const string Head = "name: a\nurl: http://x\n";

    /// <summary>A declaration with the unknown key `zzz` in one mapping, and where the schema describes that mapping.</summary>
    public static TheoryData<string, string> Mappings { get; } = new()
    {
        { Head + "zzz: 1\noperations:\n  go: {item: string, request: {path: /x}}", "" },
        { Head + "operations:\n  go: {item: string, zzz: 1, request: {path: /x}}", "$defs/operation" },
        { Head + "operations:\n  go: {item: string, request: {path: /x, zzz: 1}}", "$defs/request" },
        { Head + "operations:\n  go: {item: {type: string, zzz: 1}, request: {path: /x}}", "$defs/field/oneOf/1" },
        { Head + "operations:\n  go: {item: string, request: {path: /x}, result: {zzz: 1}}", "$defs/result" },
        { Head + "operations:\n  go: {item: string, request: {path: /x}, pack: {max: 2, request: {path: /x}, zzz: 1}}", "$defs/pack" },
        { Head + "errors: {zzz: 1}\noperations:\n  go: {item: string, request: {path: /x}}", "$defs/errors" },
        { Head + "openai: {routes: /v1/embeddings, zzz: 1}\noperations:\n  go: {item: string, request: {path: /x}}", "$defs/openai" },
        {
            Head + "anthropic: {routes: /v1/messages, zzz: 1}\noperations:\n  go: {item: string, request: {path: /x}}",
            "$defs/anthropic"
        },
        { Head + "circuit: {zzz: 1}\noperations:\n  go: {item: string, request: {path: /x}}", "$defs/circuit" },
        { Head + "rate: {per_second: 1, zzz: 1}\noperations:\n  go: {item: string, request: {path: /x}}", "$defs/rate" },
    };

    [Theory]
    [MemberData(nameof(Mappings))]
    public async Task The_keys_of_the_schema_are_those_of_the_reader(string yaml, string place)
    {
        var error = Assert.Single(DeclarationReader.Read(yaml).Errors);
        var keys = error.Message[(error.Message.IndexOf("keys are ", StringComparison.Ordinal) + "keys are ".Length)..]
            .TrimEnd('.').Split(", ");

        using var schema = JsonDocument.Parse(await File.ReadAllTextAsync(SchemaFile(), TestContext.Current.CancellationToken));
        var at = schema.RootElement;
        foreach (var part in place.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = at.ValueKind == JsonValueKind.Array ? at[int.Parse(part)] : at.GetProperty(part);
        }

        Assert.Equal(
            keys.Order(StringComparer.Ordinal),
            at.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    private static string SchemaFile()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "StashAI.slnx"))) at = at.Parent;
        return Path.Combine(at!.FullName, "docs", "service.schema.json");
    }
}

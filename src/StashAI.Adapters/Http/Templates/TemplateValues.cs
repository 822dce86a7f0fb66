using System.Text.Json;
using DotLiquid;
using StashAI.Adapters.Http.Calls;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Templates;

/// <summary>What one call gives its templates.</summary>
internal sealed class TemplateValues
{
    private TemplateValues(Hash root, string nonce, IReadOnlyList<FilePart> files) => (Root, Nonce, Files) = (root, nonce, files);

    /// <summary>`item`, `config` and `job`.</summary>
    public Hash Root { get; }

    /// <summary>Marks the tokens of this call: no client can know it.</summary>
    public string Nonce { get; }

    /// <summary>The files, in the order of their tokens' numbers.</summary>
    public IReadOnlyList<FilePart> Files { get; }

    /// <param name="context">The task.</param>
    /// <param name="item">Its item.</param>
    /// <param name="config">The job's configuration.</param>
    /// <param name="files">The item's files.</param>
    /// <param name="configured">What the operator's environment gives to this call.</param>
    public static TemplateValues Of(TaskContext context, JsonElement? item, JsonElement? config, IReadOnlyList<FilePart> files, ConfiguredValues configured)
    {
        var nonce = Guid.NewGuid().ToString("N");
        var value = item is { } given ? Convert(given) : null;
        for (var i = 0; i < files.Count; i++)
        {
            var file = new TemplateFile(Token(nonce, i, 'b'), Token(nonce, i, 'u'), files[i].ContentType, files[i].Size);
            if (files[i].Field.Length == 0) value = file;
            else (value as Hash ?? (Hash)(value = new Hash()))[files[i].Field] = file;
        }

        var root = new Hash
        {
            ["item"] = value,
            ["config"] = config is { } settings ? Convert(settings) : new Hash(),
            ["job"] = new Hash
            {
                ["id"] = context.JobId.ToString(),
                ["task_id"] = context.TaskId.ToString(),
                ["index"] = context.Ordinal,
                ["attempt"] = context.Attempt,
            },
        };
        foreach (var (name, text) in configured.References) root[name] = text;
        foreach (var (key, text) in configured.Config) ((Hash)root["config"])[key] = text;
        return new TemplateValues(root, nonce, files);
    }

    /// <summary>`items`, `config` and `job` of several tasks of one job.</summary>
    public static TemplateValues OfMany(IReadOnlyList<TaskContext> tasks, ConfiguredValues configured)
    {
        using var config = tasks[0].Config.IsEmpty ? null : JsonDocument.Parse(tasks[0].Config);
        var values = Of(tasks[0], null, config?.RootElement, [], configured);
        var items = new List<object?>(tasks.Count);
        foreach (var task in tasks)
        {
            using var item = JsonDocument.Parse(task.Input);
            items.Add(Convert(item.RootElement));
        }

        values.Root["items"] = items;
        return values;
    }

    private static string Token(string nonce, int file, char form) => $"@{nonce}:{file}:{form}@";

    private static object? Convert(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ConvertObject(value),
        JsonValueKind.Array => value.EnumerateArray().Select(Convert).ToList(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.TryGetDecimal(out var number) ? number : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static Hash ConvertObject(JsonElement value)
    {
        var hash = new Hash();
        foreach (var property in value.EnumerateObject()) hash[property.Name] = Convert(property.Value);
        return hash;
    }
}

using System.Text.Json;
using Fluid.Values;
using StashAI.Adapters.Http.Schemas;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Templates;

/// <summary>What one call gives its templates, and what these may take.</summary>
internal sealed class TemplateValues
{
    private static readonly JsonElement NoObject = JsonDocument.Parse("{}").RootElement.Clone();

    private TemplateValues(IReadOnlyList<KeyValuePair<string, FluidValue>> roots, string nonce, IReadOnlyList<FilePart> files, TemplateBudget budget) =>
        (Roots, Nonce, Files, Budget) = (roots, nonce, files, budget);

    /// <summary>`item` or `items`, `config` and `job`.</summary>
    public IReadOnlyList<KeyValuePair<string, FluidValue>> Roots { get; }

    /// <summary>Marks the tokens of this call: no client can know it.</summary>
    public string Nonce { get; }

    /// <summary>The files, in the order of their tokens' numbers.</summary>
    public IReadOnlyList<FilePart> Files { get; }

    public bool HasFiles => Files.Count > 0;

    public TemplateBudget Budget { get; }

    /// <summary>The values of one task.</summary>
    /// <param name="context">The task.</param>
    /// <param name="item">Its item; null when it is a file, or files and nothing else.</param>
    /// <param name="config">The job's configuration.</param>
    /// <param name="files">The item's files.</param>
    /// <param name="scope">What item and configuration were declared as.</param>
    /// <param name="configured">What the operator's environment gives to this call.</param>
    /// <param name="cancellationToken">Ends a template early.</param>
    public static TemplateValues Of(
        TaskContext context, JsonElement? item, JsonElement? config, IReadOnlyList<FilePart> files, TemplateScope scope, ConfiguredValues configured,
        CancellationToken cancellationToken)
    {
        var nonce = Guid.NewGuid().ToString("N");
        var parts = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
        FluidValue? value = null;
        for (var i = 0; i < files.Count; i++)
        {
            var name = files[i].Field.Length == 0 ? "item" : $"item.{files[i].Field}";
            var file = new TemplateFile(name, Token(nonce, i, 'b'), Token(nonce, i, 'u'), files[i].ContentType, files[i].Size);
            if (files[i].Field.Length == 0) value = file;
            else parts[files[i].Field] = file;
        }

        if (parts.Count > 0 || (value is null && scope.Item.Type == FieldType.Record)) value = new JsonObject(item ?? NoObject, "item", scope.Item, parts);
        value ??= item is { } given ? JsonValues.Of(given, "item", scope.Item) : NoValue.Optional;
        return New([new("item", value)], context, config, nonce, files, scope, configured, context.Input.Length, cancellationToken);
    }

    /// <summary>`items`, `config` and `job` of several tasks of one job.</summary>
    public static TemplateValues OfMany(IReadOnlyList<TaskContext> tasks, TemplateScope scope, ConfiguredValues configured, CancellationToken cancellationToken)
    {
        var config = tasks[0].Config.IsEmpty ? (JsonElement?)null : Parse(tasks[0].Config);
        var items = tasks.Select((task, index) => JsonValues.Of(Parse(task.Input), $"items[{index}]", scope.Item)).ToList();
        var size = tasks.Sum(task => (long)task.Input.Length);
        return New([new("items", new ArrayValue(items))], tasks[0], config, Guid.NewGuid().ToString("N"), [], scope, configured, size, cancellationToken);
    }

    /// <summary>The least that a template can be given, to try it.</summary>
    public static TemplateValues Sample(TemplateScope scope)
    {
        FluidValue item = scope.Item.Type switch
        {
            FieldType.Record => new JsonObject(NoObject, "item", scope.Item, JsonObject.NoFiles),
            FieldType.Text => new StringValue("x"),
            FieldType.Whole or FieldType.Number => NumberValue.Create(1),
            FieldType.Boolean => BooleanValue.False,
            _ => NoValue.Optional,
        };
        var context = new TaskContext
        {
            TaskId = Guid.Empty,
            JobId = Guid.Empty,
            Ordinal = 0,
            Attempt = 1,
            TaskType = "",
            Upstream = new Uri("http://localhost"),
            Input = default,
            Config = default,
            Payloads = [],
            Http = null!,
        };
        var value = scope.IsPack ? new ArrayValue([item]) : item;
        return New([new(scope.Roots[0], value)], context, null, Guid.NewGuid().ToString("N"), [], scope, ConfiguredValues.None, 0, CancellationToken.None);
    }

    private static TemplateValues New(
        List<KeyValuePair<string, FluidValue>> roots, TaskContext context, JsonElement? config, string nonce, IReadOnlyList<FilePart> files, TemplateScope scope,
        ConfiguredValues configured, long size, CancellationToken cancellationToken)
    {
        roots.Add(new("config", new JsonObject(config ?? NoObject, "config", scope.Config, Values(configured.Config))));
        roots.AddRange(Values(configured.References));
        roots.Add(new("job", new JsonObject(NoObject, "job", null, new Dictionary<string, FluidValue>
        {
            ["id"] = new StringValue(context.JobId.ToString()),
            ["task_id"] = new StringValue(context.TaskId.ToString()),
            ["index"] = NumberValue.Create(context.Ordinal),
            ["attempt"] = NumberValue.Create(context.Attempt),
        })));
        return new TemplateValues(roots, nonce, files, new TemplateBudget(size + context.Config.Length, TimeProvider.System, cancellationToken));
    }

    private static Dictionary<string, FluidValue> Values(IReadOnlyDictionary<string, string> texts) =>
        texts.ToDictionary(text => text.Key, text => (FluidValue)new StringValue(text.Value), StringComparer.Ordinal);

    private static string Token(string nonce, int file, char form) => $"@{nonce}:{file}:{form}@";

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

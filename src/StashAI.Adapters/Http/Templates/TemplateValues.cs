using System.Text.Json;
using Fluid.Values;
using StashAI.Adapters.Http.Schemas;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Templates;

/// <summary>The values that the templates of a call can use, and their budget.</summary>
internal sealed class TemplateValues
{
    private static readonly JsonElement NoObject = JsonDocument.Parse("{}").RootElement.Clone();

    private TemplateValues(
        IReadOnlyList<KeyValuePair<string, FluidValue>> roots, string nonce, IReadOnlyList<FilePart> files, LargeValues large,
        TemplateBudget budget) =>
        (Roots, Nonce, Files, Large, Budget) = (roots, nonce, files, large, budget);

    /// <summary>The top-level values: <c>item</c> or <c>items</c>, <c>config</c> and <c>job</c>, and the variables of references.</summary>
    public IReadOnlyList<KeyValuePair<string, FluidValue>> Roots { get; }

    /// <summary>A random text in the tokens of this call, which no client can guess; empty when there can be none.</summary>
    public string Nonce { get; }

    /// <summary>The files; tokens refer to them by index.</summary>
    public IReadOnlyList<FilePart> Files { get; }

    public bool HasFiles => Files.Count > 0;

    /// <summary>The large values of the item that do not pass through the templates.</summary>
    public LargeValues Large { get; }

    /// <summary>True when a rendered text may have tokens.</summary>
    public bool HasTokens => HasFiles || !Large.IsEmpty;

    /// <summary>The item as the client wrote it; of several items, the first.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    public TemplateBudget Budget { get; }

    /// <summary>The values of one task.</summary>
    /// <param name="context">The task.</param>
    /// <param name="item">The task's item; null when it consists of files only.</param>
    /// <param name="config">The job's configuration.</param>
    /// <param name="files">The item's files.</param>
    /// <param name="scope">The schemas of the item and the configuration.</param>
    /// <param name="configured">The values from the operator's environment.</param>
    /// <param name="cancellationToken">Stops rendering.</param>
    public static TemplateValues ForTask(
        TaskContext context, JsonElement? item, JsonElement? config, IReadOnlyList<FilePart> files, TemplateScope scope,
        ConfiguredValues configured, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>[] sources = [context.Input, context.Config];
        // Random bytes cost a system call, and most tasks have neither files nor large values.
        var nonce = files.Count > 0 || Array.Exists(sources, source => source.Length >= LargeText.MinBytes) ? NewNonce() : "";
        Dictionary<string, FluidValue>? parts = null;
        FluidValue? value = null;
        for (var i = 0; i < files.Count; i++)
        {
            var name = files[i].Field.Length == 0 ? "item" : $"item.{files[i].Field}";
            var file = new TemplateFile(name, Token(nonce, i, 'b'), Token(nonce, i, 'u'), files[i].ContentType, files[i].Size);
            if (files[i].Field.Length == 0) value = file;
            else (parts ??= new Dictionary<string, FluidValue>(StringComparer.Ordinal))[files[i].Field] = file;
        }

        if (parts is not null || (value is null && scope.Item.Type == FieldType.Record))
        {
            value = new JsonObject(item ?? NoObject, "item", scope.Item, parts ?? JsonObject.NoFiles);
        }

        value ??= item is { } given ? JsonValues.Of(given, "item", scope.Item) : NoValue.Optional;
        return Create(
            [new("item", value)], context, config, nonce, files, new LargeValues(nonce, sources), scope, configured, context.Input.Length,
            cancellationToken);
    }

    /// <summary>The values of a task whose request has no templates: only its item.</summary>
    public static TemplateValues ForItem(TaskContext context, CancellationToken cancellationToken) =>
        new([], "", [], new LargeValues("", []), new TemplateBudget(context.Input.Length, TimeProvider.System, cancellationToken))
        {
            Input = context.Input,
        };

    /// <summary>The values of several tasks of one job.</summary>
    public static TemplateValues ForPack(
        IReadOnlyList<TaskContext> tasks, TemplateScope scope, ConfiguredValues configured, CancellationToken cancellationToken)
    {
        var config = tasks[0].Config.IsEmpty ? (JsonElement?)null : Parse(tasks[0].Config);
        var items = tasks.Select((task, index) => JsonValues.Of(Parse(task.Input), $"items[{index}]", scope.Item)).ToList();
        var size = tasks.Sum(task => (long)task.Input.Length);
        ReadOnlyMemory<byte>[] sources = [.. tasks.Select(task => task.Input), tasks[0].Config];
        var nonce = Array.Exists(sources, source => source.Length >= LargeText.MinBytes) ? NewNonce() : "";
        return Create(
            [new("items", new ArrayValue(items))], tasks[0], config, nonce, [], new LargeValues(nonce, sources), scope, configured, size,
            cancellationToken);
    }

    /// <summary>The smallest possible values, to try a template.</summary>
    public static TemplateValues Sample(TemplateScope scope)
    {
        FluidValue item = scope.Item.Type switch
        {
            FieldType.Record => new JsonObject(NoObject, "item", scope.Item, JsonObject.NoFiles),
            FieldType.Text => new StringValue("x"),
            FieldType.WholeNumber or FieldType.Number => NumberValue.Create(1),
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
        return Create(
            [new(scope.Roots[0], value)], context, null, "", [], new LargeValues("", []), scope, ConfiguredValues.None, 0,
            CancellationToken.None);
    }

    private static TemplateValues Create(
        List<KeyValuePair<string, FluidValue>> roots, TaskContext context, JsonElement? config, string nonce, IReadOnlyList<FilePart> files,
        LargeValues large, TemplateScope scope, ConfiguredValues configured, long size, CancellationToken cancellationToken)
    {
        roots.Add(new("config", new JsonObject(config ?? NoObject, "config", scope.Config, Values(configured.Config))));
        roots.AddRange(Values(configured.References));
        // Few templates use it.
        roots.Add(new("job", new JsonObject(NoObject, "job", () => new Dictionary<string, FluidValue>
        {
            ["id"] = new StringValue(context.JobId.ToString()),
            ["task_id"] = new StringValue(context.TaskId.ToString()),
            ["index"] = NumberValue.Create(context.Ordinal),
            ["attempt"] = NumberValue.Create(context.Attempt),
        })));
        return new TemplateValues(
            roots, nonce, files, large, new TemplateBudget(size + context.Config.Length, TimeProvider.System, cancellationToken))
        {
            Input = context.Input,
        };
    }

    private static IReadOnlyDictionary<string, FluidValue> Values(IReadOnlyDictionary<string, string> texts) => texts.Count == 0
        ? JsonObject.NoFiles
        : texts.ToDictionary(text => text.Key, text => (FluidValue)new StringValue(text.Value), StringComparer.Ordinal);

    private static string Token(string nonce, int file, char form) => $"@{nonce}:{file}:{form}@";

    private static string NewNonce() => Guid.NewGuid().ToString("N");

    // Not disposed, and not copied, because the items of a pack may be large.
    private static JsonElement Parse(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json).RootElement;
}

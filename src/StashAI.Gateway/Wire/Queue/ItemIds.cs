using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>
/// <c>item_id</c>: the client's id for an item of a batch (C-16), from the item or from a list in the job's configuration.
/// </summary>
internal sealed class ItemIds(JobView job) : IDisposable
{
    /// <summary>The list in <c>job_config</c>.</summary>
    public const string Field = "item_ids";

    private readonly JsonDocument? config = job.Config.IsEmpty || job.Config.Span.IndexOf("\"item_ids\""u8) < 0
        ? null
        : JsonDocument.Parse(job.Config);

    /// <summary>Writes the id of a task's item, if it has one.</summary>
    public void Write(Utf8JsonWriter json, TaskView task)
    {
        if (config is not null && config.RootElement.TryGetProperty(Field, out var ids) && ids.ValueKind == JsonValueKind.Array
            && task.Ordinal < ids.GetArrayLength())
        {
            json.WritePropertyName("item_id");
            ids[task.Ordinal].WriteTo(json);
        }
        else if (!task.Input.IsEmpty)
        {
            WriteOwn(json, task.Input);
        }
    }

    /// <summary>The id of a task's item as a text; null when it has none.</summary>
    public string? TextOf(TaskView task)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            Write(json, task);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.TryGetProperty("item_id", out var id) && id.ValueKind != JsonValueKind.Null ? id.ToString() : null;
    }

    public void Dispose() => config?.Dispose();

    private static void WriteOwn(Utf8JsonWriter json, ReadOnlyMemory<byte> input)
    {
        using var document = JsonDocument.Parse(input);
        if (document.RootElement.ValueKind != JsonValueKind.Object) return;
        if (!document.RootElement.TryGetProperty("item_id", out var id) && !document.RootElement.TryGetProperty("id", out id)) return;
        json.WritePropertyName("item_id");
        id.WriteTo(json);
    }
}

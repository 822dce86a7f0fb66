using System.Text.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>`item_id`: what the client called an item of its batch (C-16), in the item itself or in a list of the job's configuration.</summary>
internal sealed class ItemIds(JobView job) : IDisposable
{
    /// <summary>The list in `job_config`.</summary>
    public const string Field = "item_ids";

    private readonly JsonDocument? config = job.Config.IsEmpty || job.Config.Span.IndexOf("\"item_ids\""u8) < 0 ? null : JsonDocument.Parse(job.Config);

    /// <summary>Writes the task's, where it has one.</summary>
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

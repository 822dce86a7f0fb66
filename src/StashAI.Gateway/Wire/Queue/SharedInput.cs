using System.Buffers;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>
/// Writes the job's configuration as part of each task's input. From a list with a value for each task, a task shows only its own value.
/// Large values are shown only in <c>job_config</c>, because they would be repeated in every task.
/// </summary>
internal sealed class SharedInput : IDisposable
{
    /// <summary>The list in <c>job_config</c> with one entity id for each photo.</summary>
    public const string EntityIds = "entity_ids";

    private const string Additional = "additional_params";

    /// <summary>The largest value that tasks repeat, in bytes of its JSON.</summary>
    private const int MaxValue = 256;

    /// <summary>The largest sum of the values of <c>additional_params</c>, in bytes.</summary>
    private const int MaxAdditional = 2048;

    private static readonly string[] Names =
        ["threshold", "visage_api_url", Additional, "entity_type", "entity_id", "image_id", "scene_id", "gallery_id"];

    private readonly JsonDocument? config;
    private readonly JsonElement? ownIds;
    private readonly List<(string Name, byte[] Value)> values = [];

    public SharedInput(JobView job)
    {
        if (job.Config.IsEmpty) return;
        config = JsonDocument.Parse(SecretVault.Hide(job.Config));
        if (config.RootElement.ValueKind != JsonValueKind.Object) return;
        if (config.RootElement.TryGetProperty(EntityIds, out var ids) && ids.ValueKind == JsonValueKind.Array) ownIds = ids;
        var isRepeated = job.Counters.Total > 1;
        foreach (var name in Names)
        {
            if (!config.RootElement.TryGetProperty(name, out var value)) continue;
            if (name == Additional && value.ValueKind == JsonValueKind.Object)
            {
                values.Add((name, Slim(value, isRepeated)));
            }
            else if (!isRepeated || IsSmall(value) || name == "visage_api_url")
            {
                values.Add((name, Encoding.UTF8.GetBytes(value.GetRawText())));
            }
        }
    }

    /// <summary>Writes the values for a task into its <c>input_data</c>.</summary>
    public void Write(Utf8JsonWriter json, int ordinal)
    {
        var own = ownIds is { } ids && ordinal < ids.GetArrayLength() ? ids[ordinal] : (JsonElement?)null;
        foreach (var (name, value) in values)
        {
            if (own is null || name != "entity_id") json.WriteRaw(name, value);
        }

        if (own is not { } id) return;
        json.WritePropertyName("entity_id");
        id.WriteTo(json);
    }

    public void Dispose() => config?.Dispose();

    private static byte[] Slim(JsonElement parameters, bool isRepeated)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var property in parameters.EnumerateObject())
            {
                if (property.Name == EntityIds
                    || (isRepeated && (!IsSmall(property.Value) || json.BytesCommitted + json.BytesPending > MaxAdditional)))
                {
                    continue;
                }

                property.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static bool IsSmall(JsonElement value) => value.GetRawText().Length <= MaxValue;
}

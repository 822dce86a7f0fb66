using System.Text;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>The fields of the request that each result of a job repeats, read once from the configuration.</summary>
internal sealed class VisageRequestFields
{
    private readonly List<(string Name, byte[] Value)> fields = [];

    public VisageRequestFields(JobView job)
    {
        using var config = job.Config.IsEmpty ? null : JsonDocument.Parse(job.Config);
        Copy("visage_api_url", "visage_api_url");
        Copy("threshold", "threshold_used");
        Copy("model_type", "model_version");

        void Copy(string from, string to) => fields.Add((
            to,
            config is not null && config.RootElement.TryGetProperty(from, out var value)
                ? Encoding.UTF8.GetBytes(value.GetRawText())
                : []));
    }

    /// <summary>Writes the fields; a threshold of the item's own comes before the job's.</summary>
    public void Write(Utf8JsonWriter json, ReadOnlyMemory<byte> item)
    {
        using var input = item.IsEmpty ? null : JsonDocument.Parse(item);
        foreach (var (name, value) in fields)
        {
            var own = name == "threshold_used" && input is { RootElement: { ValueKind: JsonValueKind.Object } settings }
                && settings.TryGetProperty(PhotoItems.Threshold, out var threshold)
                    ? Encoding.UTF8.GetBytes(threshold.GetRawText())
                    : value;
            json.WriteRaw(name, own);
        }
    }
}

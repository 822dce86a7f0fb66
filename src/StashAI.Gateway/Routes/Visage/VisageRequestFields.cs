using System.Text;
using System.Text.Json;
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

    public void Write(Utf8JsonWriter json)
    {
        foreach (var (name, value) in fields) json.WriteRaw(name, value);
    }
}

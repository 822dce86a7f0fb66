using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>What may differ when the photos of a job are analysed again.</summary>
internal sealed class VisageConfigChanges : IConfigChanges
{
    private static readonly string[] Keys = ["threshold", "model_type", "return_face_locations", "source", "additional_params"];

    public ReadOnlyMemory<byte>? Change(JobView job, JsonElement changes)
    {
        if (job.Service != VisageAdapter.Name) return null;
        var fields = new JsonFields("config", changes);
        fields.RefuseUnknown(Keys);
        _ = fields.Number("threshold", 0, 1);
        _ = fields.Text("model_type");
        _ = fields.Flag("return_face_locations");
        _ = fields.Text("source");
        _ = fields.Object("additional_params");
        // The adapter reads a threshold from every job.
        if (changes.TryGetProperty("threshold", out var threshold) && threshold.ValueKind == JsonValueKind.Null)
            throw fields.Invalid("threshold", "cannot be null; leave it out to keep it.");
        return ConfigMerge.Of(job.Config, changes);
    }
}

using System.Text.Json;

namespace StashAI.Gateway.Intake.Records;

/// <summary>A document without its items. Dispose it: its memory is pooled.</summary>
internal sealed class RecordEnvelope(JsonDocument? document, EnvelopeBuffer memory) : IDisposable
{
    /// <summary>The root; undefined for a line of NDJSON, which has nothing beside its item.</summary>
    public JsonElement Root => document?.RootElement ?? default;

    public void Dispose()
    {
        document?.Dispose();
        memory.Dispose();
    }
}

using System.Text.Json;

namespace StashAI.Gateway.Intake.Items;

/// <summary>A document without its items. Dispose it: its memory is pooled.</summary>
internal sealed class BodyEnvelope(JsonDocument? document, IDisposable? memory, bool hasOpenItem = false) : IDisposable
{
    /// <summary>The root; undefined for a line of NDJSON, which has nothing besides its item.</summary>
    public JsonElement Root => document?.RootElement ?? default;

    /// <summary>
    /// True when the body itself is an item that has begun, because it has files. The reader of the body must pass the rest to the sink and
    /// end it.
    /// </summary>
    public bool HasOpenItem => hasOpenItem;

    public void Dispose()
    {
        document?.Dispose();
        memory?.Dispose();
    }
}

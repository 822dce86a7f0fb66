using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Live.Messages;

/// <summary>One message to a client.</summary>
internal readonly record struct LiveMessage(LiveMessageType Type, Action<Utf8JsonWriter> Fields)
{
    /// <summary>Writes it as one JSON document.</summary>
    public void WriteTo(IBufferWriter<byte> buffer, DateTimeOffset now)
    {
        using var json = new Utf8JsonWriter(buffer, WireJson.Options);
        json.WriteStartObject();
        json.WriteString("type", Type.Name);
        Fields(json);
        json.WriteTime("timestamp", now);
        json.WriteEndObject();
    }
}

using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Submit.Interactions;

/// <summary>A JSON document as bytes.</summary>
internal static class JsonBytes
{
    public static ReadOnlyMemory<byte> Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options)) write(json);
        return buffer.WrittenMemory;
    }
}

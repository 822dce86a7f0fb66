using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Submit.Jobs;

/// <summary>Puts the members of one object over those of another.</summary>
internal static class ConfigMerge
{
    /// <param name="config">The first object as UTF-8 JSON; may be empty.</param>
    /// <param name="changes">The members that replace or are added to it; null removes a member.</param>
    /// <param name="without">Members that are left out.</param>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> config, JsonElement changes, params IReadOnlyCollection<string> without)
    {
        var buffer = new ArrayBufferWriter<byte>(config.Length + 64);
        using var first = JsonDocument.Parse(config.IsEmpty ? "{}"u8.ToArray() : config);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var member in first.RootElement.EnumerateObject())
            {
                if (!changes.TryGetProperty(member.Name, out _) && !without.Contains(member.Name)) member.WriteTo(json);
            }

            foreach (var member in changes.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.Null && !without.Contains(member.Name)) member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}

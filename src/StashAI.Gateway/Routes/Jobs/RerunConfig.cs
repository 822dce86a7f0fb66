using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>The configuration of a job that repeats the items of another.</summary>
internal sealed class RerunConfig(IEnumerable<IConfigChanges> services)
{
    private const string CountField = "image_count";

    /// <summary>Lists with a value for each item.</summary>
    private static readonly string[] Lists = [ItemNames.ListField, SharedInput.EntityIds];

    /// <summary>The first job's configuration with the changes; a service in code, which checks nothing, gets them as they are.</summary>
    public ReadOnlyMemory<byte> Change(JobView source, JsonElement changes)
    {
        foreach (var service in services)
        {
            if (service.Change(source, changes) is { } changed) return changed;
        }

        return ConfigMerge.Of(source.Config, changes);
    }

    /// <summary>What the configuration says of each item by its position, for some of the items.</summary>
    public static ReadOnlyMemory<byte> ForItems(ReadOnlyMemory<byte> config, int total, IReadOnlyList<int> ordinals)
    {
        if (config.IsEmpty || ordinals.Count == total) return config;
        using var document = JsonDocument.Parse(config);
        if (document.RootElement.ValueKind != JsonValueKind.Object) return config;
        var buffer = new ArrayBufferWriter<byte>(config.Length);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (Lists.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Array) WriteIds(json, member, ordinals);
                else if (member.Name == CountField) json.WriteNumber(CountField, ordinals.Count);
                else member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteIds(Utf8JsonWriter json, JsonProperty list, IReadOnlyList<int> ordinals)
    {
        var all = list.Value.EnumerateArray().ToList();
        json.WriteStartArray(list.Name);
        foreach (var ordinal in ordinals)
        {
            if (ordinal < all.Count) all[ordinal].WriteTo(json);
            else json.WriteNullValue();
        }

        json.WriteEndArray();
    }
}

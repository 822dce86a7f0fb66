using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Secrets;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Wire.Secrets;

/// <summary>
/// The address that a configuration names in <c>webhook</c>. Whoever knows it may post to it, so readers see only where it leads.
/// </summary>
internal static class WebhookAddress
{
    /// <summary>The member of a configuration.</summary>
    public const string Key = "webhook";

    /// <summary>The scheme and the host of an address; the name or id of a webhook as it is.</summary>
    public static string Hide(string named)
    {
        if (!named.Contains("://", StringComparison.Ordinal)) return named;
        if (!Uri.TryCreate(named, UriKind.Absolute, out var uri)) return SecretMask.Replacement;
        var origin = uri.GetLeftPart(UriPartial.Scheme) + uri.Authority;
        return uri is { PathAndQuery: "/", UserInfo: "" } ? $"{origin}/" : $"{origin}/{SecretMask.Replacement}";
    }

    /// <summary>The same for a configuration that is not stored as bytes.</summary>
    public static void HideIn(JsonNode? config)
    {
        if (config is JsonObject own && own[Key] is JsonValue value && value.TryGetValue<string>(out var named)) own[Key] = Hide(named);
    }

    /// <summary>A configuration as it is stored, without its webhook, which has a place of its own; empty for none.</summary>
    public static byte[] Without(JsonElement? config)
    {
        if (config is not { } given) return [];
        if (!given.TryGetProperty(Key, out _)) return Encoding.UTF8.GetBytes(given.GetRawText());
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options)) Write(json, given, Key);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An item whose <c>config</c> names a webhook, without it.</summary>
    public static byte[] WithoutInConfig(JsonElement item)
    {
        if (!item.TryGetProperty("config", out var config) || config.ValueKind != JsonValueKind.Object
            || !config.TryGetProperty(Key, out _))
        {
            return Encoding.UTF8.GetBytes(item.GetRawText());
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var member in item.EnumerateObject())
            {
                if (member.Name == "config")
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value, Key);
                }
                else
                {
                    member.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, JsonElement from, string without)
    {
        json.WriteStartObject();
        foreach (var member in from.EnumerateObject())
        {
            if (member.Name != without) member.WriteTo(json);
        }

        json.WriteEndObject();
    }
}

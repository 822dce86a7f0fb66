using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Queue.Model.Webhooks;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary>An event as it is sent: the body of OpenAI's webhooks, and the headers of Standard Webhooks.</summary>
internal static class WebhookMessage
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The id of an event, which all attempts have.</summary>
    public static string IdOf(NewDelivery delivery) => $"evt_{delivery.EventId:N}";

    /// <summary>The same bytes at each attempt.</summary>
    public static byte[] BodyOf(NewDelivery delivery)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("object", "event");
            json.WriteString("id", IdOf(delivery));
            json.WriteString("type", delivery.Type);
            json.WriteNumber("created_at", delivery.HappenedAt.ToUnixTimeSeconds());
            json.WritePropertyName("data");
            json.WriteRawValue(delivery.Data);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The signatures of a body, one for each secret, with spaces between them.</summary>
    public static string Sign(IEnumerable<byte[]> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        byte[] signed = [.. head, .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))));
    }
}

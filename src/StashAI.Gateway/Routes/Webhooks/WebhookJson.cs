using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Queue.Model.Webhooks;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary>Webhooks and their deliveries as <c>/api/webhooks</c> shows them.</summary>
internal static class WebhookJson
{
    /// <param name="json">The writer.</param>
    /// <param name="webhook">The webhook.</param>
    /// <param name="now">The time.</param>
    /// <param name="withSecret">True only for the answer to who has made the secret.</param>
    public static void Write(Utf8JsonWriter json, Webhook webhook, DateTimeOffset now, bool withSecret = false)
    {
        json.WriteStartObject();
        json.WriteString("id", webhook.Id);
        json.WriteString("name", webhook.Name);
        json.WriteString("url", webhook.Url);
        json.WriteString("description", webhook.Description);
        json.WriteStartArray("events");
        foreach (var type in webhook.Events) json.WriteStringValue(type);
        json.WriteEndArray();
        json.WriteBoolean("is_enabled", webhook.IsEnabled);
        json.WriteString("disabled_reason", webhook.DisabledReason);
        json.WriteTime("old_secret_until", webhook.OldSecretUntil > now ? webhook.OldSecretUntil : null);
        json.WriteTime("created_at", webhook.CreatedAt);
        json.WriteTime("updated_at", webhook.UpdatedAt);
        if (withSecret) json.WriteString("secret", WebhookSecrets.Text(webhook.Secret));
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, Delivery delivery)
    {
        var content = delivery.Content;
        json.WriteStartObject();
        json.WriteString("id", content.Id);
        json.WriteString("event", content.Type);
        json.WriteString("event_id", WebhookMessage.IdOf(content));
        if (content.JobId is { } job) json.WriteString("job_id", job);
        else json.WriteNull("job_id");
        json.WritePropertyName("data");
        json.WriteRawValue(content.Data);
        json.WriteString("url", content.Url is { } url ? WebhookAddress.Hide(url) : null);
        json.WriteString("state", WordOf(delivery.State));
        json.WriteNumber("attempts", delivery.Attempts);
        json.WriteNumberOrNull("status", delivery.Status);
        json.WriteString("error", delivery.Error);
        json.WriteString("answer", delivery.Answer);
        json.WriteNumberOrNull("duration_ms", delivery.DurationMs);
        json.WriteTime("attempted_at", delivery.AttemptedAt);
        json.WriteTime("next_attempt_at", delivery.State == DeliveryState.Waiting ? delivery.DueAt : null);
        json.WriteTime("finished_at", delivery.FinishedAt);
        json.WriteTime("created_at", delivery.CreatedAt);
        json.WriteEndObject();
    }

    /// <summary>The state of a word; null for no such word.</summary>
    public static DeliveryState? StateOf(string word)
    {
        foreach (var state in Enum.GetValues<DeliveryState>())
        {
            if (WordOf(state) == word) return state;
        }

        return null;
    }

    private static string WordOf(DeliveryState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}

using System.Text.Json;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Writes the field <c>waiting</c>: why tasks wait for their service, or null.</summary>
internal static class WaitJson
{
    public static void Write(Utf8JsonWriter json, WaitReason? reason)
    {
        if (reason is null)
        {
            json.WriteNull("waiting");
            return;
        }

        json.WriteStartObject("waiting");
        json.WriteString("address", reason.Address);
        json.WriteString("error_kind", reason.Kind is { } kind ? ErrorWords.Of(kind) : null);
        json.WriteString("error_message", reason.Error);
        json.WriteNumberOrNull("http_status", reason.HttpStatus);
        json.WriteTime("since", reason.Since);
        json.WriteTime("next_try_at", reason.NextTryAt);
        json.WriteEndObject();
    }
}

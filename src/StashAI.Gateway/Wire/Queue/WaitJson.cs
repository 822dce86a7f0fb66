using System.Text.Json;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Writes the field <c>waiting</c>: why tasks wait, or null.</summary>
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
        json.WriteString("cause", JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.Cause.ToString()));
        json.WriteString("service", reason.Service);
        json.WriteString("address", reason.Address);
        json.WriteString("error_kind", reason.Kind is { } kind ? ErrorWords.Of(kind) : null);
        json.WriteString("error_message", reason.Error);
        json.WriteNumberOrNull("http_status", reason.HttpStatus);
        json.WriteTime("since", reason.Since);
        json.WriteTime("next_try_at", reason.NextTryAt);
        json.WriteString("resume", reason.Resume);
        json.WriteString("resume_scope", reason.ResumeScope);
        json.WriteEndObject();
    }
}

using System.Text.Json;
using StashAI.Queue.Model.Files;

namespace StashAI.Gateway.Dialects.OpenAi.Files;

/// <summary>Writes files as OpenAI does.</summary>
internal static class FileJson
{
    public static void Write(Utf8JsonWriter json, ClientFile file) => Write(
        json, OpenAiIds.OfFile(file.Id), file.Size, file.CreatedAt, file.ExpiresAt, file.Name, file.Purpose);

    public static void Write(
        Utf8JsonWriter json, string id, long bytes, DateTimeOffset createdAt, DateTimeOffset? expiresAt, string name, string purpose)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "file");
        json.WriteNumber("bytes", bytes);
        OpenAiJson.WriteSeconds(json, "created_at", createdAt);
        OpenAiJson.WriteSeconds(json, "expires_at", expiresAt);
        json.WriteString("filename", name);
        json.WriteString("purpose", purpose);
        json.WriteString("status", "processed");
        json.WriteNull("status_details");
        json.WriteEndObject();
    }
}

using System.Text.Json;
using StashAI.Gateway.Dialects.OpenAi.Files;
using StashAI.Queue.Model.Files;

namespace StashAI.Gateway.Dialects.OpenAi.Uploads;

/// <summary>Writes uploads and their parts as OpenAI does.</summary>
internal static class UploadJson
{
    public static void Write(Utf8JsonWriter json, ClientUpload upload, ClientFile? file)
    {
        json.WriteStartObject();
        json.WriteString("id", OpenAiIds.OfUpload(upload.Id));
        json.WriteString("object", "upload");
        json.WriteNumber("bytes", upload.Size);
        OpenAiJson.WriteSeconds(json, "created_at", upload.CreatedAt);
        OpenAiJson.WriteSeconds(json, "expires_at", upload.ExpiresAt);
        json.WriteString("filename", upload.Name);
        json.WriteString("purpose", upload.Purpose);
        json.WriteString("mime_type", upload.MimeType);
        json.WriteString("status", upload.State switch
        {
            ClientUploadState.Completed => "completed",
            ClientUploadState.Cancelled => "cancelled",
            _ => "pending",
        });
        json.WritePropertyName("file");
        if (file is null) json.WriteNullValue();
        else FileJson.Write(json, file);
        json.WriteEndObject();
    }

    public static void WritePart(Utf8JsonWriter json, Guid upload, UploadPart part)
    {
        json.WriteStartObject();
        json.WriteString("id", OpenAiIds.OfPart(part.Id));
        json.WriteString("object", "upload.part");
        OpenAiJson.WriteSeconds(json, "created_at", part.CreatedAt);
        json.WriteString("upload_id", OpenAiIds.OfUpload(upload));
        json.WriteEndObject();
    }
}

using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Interactions;

namespace StashAI.Gateway.Submit.Interactions;

/// <summary>Interactions and sessions on the wire.</summary>
internal static class InteractionJson
{
    /// <summary>The longest name of a session, user, action or element.</summary>
    private const int MaxName = 500;

    /// <summary>The longest path of a page.</summary>
    private const int MaxPath = 8000;

    private static readonly string[] Ids = ["item_id", "id"];

    private static readonly string[] InteractionKeys = ["session_id", "action_type", "user_id", "page_path", "element_type", "element_id", "metadata"];

    private static readonly string[] SessionKeys = ["session_id", "user_id", "page_views", "total_interactions", "end_time", "metadata"];

    /// <summary>
    /// Refuses unknown fields of an interaction; <c>metadata</c> may have any. Stored interactions are not checked again.
    /// </summary>
    public static JsonFields CheckInteraction(JsonFields fields, bool isItem = false) => Check(fields, InteractionKeys, isItem);

    /// <summary>Refuses unknown fields of a session.</summary>
    public static JsonFields CheckSession(JsonFields fields, bool isItem = false) => Check(fields, SessionKeys, isItem);

    /// <summary>Reads an interaction. It must have an action, and a session unless there is a default.</summary>
    public static NewInteraction Read(JsonFields fields, Guid id, string? usualSession = null) => new()
    {
        Id = id,
        SessionId = Name(fields, "session_id") ?? usualSession ?? throw Missing(fields, "session_id"),
        ActionType = Name(fields, "action_type") ?? throw Missing(fields, "action_type"),
        UserId = Name(fields, "user_id"),
        PagePath = Name(fields, "page_path", MaxPath),
        ElementType = Name(fields, "element_type"),
        ElementId = Name(fields, "element_id"),
        Metadata = Metadata(fields),
    };

    /// <summary>Reads an update of a session. It must have a session id.</summary>
    public static SessionUpdate ReadSession(JsonFields fields) => new()
    {
        SessionId = Name(fields, "session_id") ?? throw Missing(fields, "session_id"),
        UserId = Name(fields, "user_id"),
        PageViews = fields.Whole("page_views", 0, int.MaxValue),
        TotalInteractions = fields.Whole("total_interactions", 0, int.MaxValue),
        EndTime = fields.Time("end_time"),
        Metadata = Metadata(fields),
    };

    public static void Write(Utf8JsonWriter json, InteractionView view)
    {
        var one = view.Interaction;
        json.WriteStartObject();
        json.WriteNumber("id", view.Key);
        json.WriteString("task_id", one.Id);
        json.WriteString("session_id", one.SessionId);
        json.WriteString("user_id", one.UserId);
        json.WriteString("action_type", one.ActionType);
        json.WriteString("page_path", one.PagePath);
        json.WriteString("element_type", one.ElementType);
        json.WriteString("element_id", one.ElementId);
        WriteMetadata(json, one.Metadata);
        json.WriteTime("timestamp", view.CreatedAt);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, SessionView view)
    {
        json.WriteStartObject();
        json.WriteString("id", view.Id);
        json.WriteString("session_id", view.SessionId);
        json.WriteString("user_id", view.UserId);
        json.WriteTime("start_time", view.StartedAt);
        json.WriteTime("end_time", view.EndTime);
        json.WriteNumber("page_views", view.PageViews);
        json.WriteNumber("total_interactions", view.TotalInteractions);
        json.WriteNumber("recorded_interactions", view.Recorded);
        WriteMetadata(json, view.Metadata);
        json.WriteTime("updated_at", view.UpdatedAt);
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, ReadOnlyMemory<byte> metadata)
    {
        json.WritePropertyName("metadata");
        if (metadata.IsEmpty) json.WriteRawValue("{}"u8);
        else json.WriteRawValue(metadata.Span, skipInputValidation: true);
    }

    /// <summary>Checks fields. Items of batches may also have a client's id.</summary>
    private static JsonFields Check(JsonFields fields, string[] known, bool isItem)
    {
        fields.RefuseUnknown(isItem ? [.. known, .. Ids] : known);
        return fields;
    }

    private static byte[] Metadata(JsonFields fields) => fields.Raw("metadata");

    private static string? Name(JsonFields fields, string name, int most = MaxName)
    {
        if (fields.Text(name) is not { Length: > 0 } text) return null;
        return text.Length <= most ? text : throw fields.Wrong(name, $"may have at most {most} characters.");
    }

    private static RequestException Missing(JsonFields fields, string name) => fields.Wrong(name, "is missing; it must be a text.");
}

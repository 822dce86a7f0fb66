using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Interactions;
using StashAI.Streams.Texts;

namespace StashAI.Gateway.Submit.Interactions;

/// <summary>Interactions and sessions on the wire.</summary>
internal static class InteractionJson
{
    /// <summary>The longest name of a session, user, action or element.</summary>
    private const int MaxName = 500;

    /// <summary>The longest path of a page.</summary>
    private const int MaxPath = 8000;

    private static readonly string[] Ids = ["item_id", "id"];

    private static readonly string[] InteractionKeys =
        ["session_id", "action_type", "user_id", "page_path", "element_type", "element_id", "metadata"];

    private static readonly string[] SessionKeys = ["session_id", "user_id", "page_views", "total_interactions", "end_time", "metadata"];

    /// <summary>
    /// Reads an interaction that a client sends, at whatever door: its action must be named, and its session unless there is a usual one.
    /// Unknown fields are refused; `metadata` is free.
    /// </summary>
    /// <param name="fields">What was sent.</param>
    /// <param name="id">The interaction's id.</param>
    /// <param name="usualSession">The session of the connection that it came over.</param>
    /// <param name="isItem">True for an item of a batch, which may have an id of the client's.</param>
    public static NewInteraction Read(JsonFields fields, Guid id, string? usualSession = null, bool isItem = false)
    {
        fields.RefuseUnknown(isItem ? [.. InteractionKeys, .. Ids] : InteractionKeys);
        SameValue.Any([.. Ids.Select(name => (fields, name))]);
        return ReadStored(fields, id, usualSession);
    }

    /// <summary>Reads what is said of a session, which must be named; unknown fields are refused.</summary>
    public static SessionUpdate ReadSession(JsonFields fields, bool isItem = false)
    {
        fields.RefuseUnknown(isItem ? [.. SessionKeys, .. Ids] : SessionKeys);
        SameValue.Any([.. Ids.Select(name => (fields, name))]);
        return ReadStoredSession(fields);
    }

    /// <summary>Reads an interaction that was checked when it was stored.</summary>
    public static NewInteraction ReadStored(JsonFields fields, Guid id, string? usualSession = null) => new()
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

    /// <summary>Reads a session that was checked when it was stored.</summary>
    public static SessionUpdate ReadStoredSession(JsonFields fields) => new()
    {
        SessionId = Name(fields, "session_id") ?? throw Missing(fields, "session_id"),
        UserId = Name(fields, "user_id"),
        PageViews = fields.Integer("page_views", 0, int.MaxValue),
        TotalInteractions = fields.Integer("total_interactions", 0, int.MaxValue),
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

    private static byte[] Metadata(JsonFields fields) => fields.Raw("metadata");

    private static string? Name(JsonFields fields, string name, int most = MaxName)
    {
        if (fields.Text(name) is not { Length: > 0 } text) return null;
        return Characters.CountOf(text) <= most ? text : throw fields.Invalid(name, $"may have at most {most} characters.");
    }

    private static RequestException Missing(JsonFields fields, string name) => fields.Invalid(name, "is missing; it must be a text.");
}

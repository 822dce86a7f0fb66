using System.Text.Json;
using StashAI.Gateway.Submit.Interactions;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Interactions;

/// <summary>
/// The status of interactions and sessions, whose ids belong to the same space of ids (C-15). They are complete once accepted.
/// </summary>
internal sealed class RecordStatus(IInteractions interactions, ISessions sessions, TimeProvider clock)
{
    /// <summary>Writes the status of an interaction or a session; false for another id.</summary>
    public async Task<bool> TryWriteAsync(HttpContext context, string id)
    {
        if (await FindAsync(id, context.RequestAborted) is not { } record) return false;
        var dialect = DialectWords.Of(context, Dialect.Default);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            WriteState(json, record, id, dialect);
            json.WriteBoolean("ready", true);
            json.WriteBoolean("successful", true);
            json.WritePropertyName("output_json");
            record.Write(json);
            json.WriteEndObject();
        });
        return true;
    }

    /// <summary>Answers a cancel, which is too late; false for another id.</summary>
    public async Task<bool> TryRefuseCancelAsync(HttpContext context, string id)
    {
        if (await FindAsync(id, context.RequestAborted) is not { } record) return false;
        var dialect = DialectWords.Of(context, Dialect.Default);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            WriteState(json, record, id, dialect);
            json.WriteBoolean("cancelled", false);
            json.WriteString("message", $"Nothing to cancel: the {record.Kind} is recorded.");
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
        return true;
    }

    private static void WriteState(Utf8JsonWriter json, Record record, string id, Dialect dialect)
    {
        json.WriteString("kind", record.Kind);
        json.WriteString("task_id", id);
        json.WriteString("status", DialectWords.Status(TaskState.Completed, dialect));
        json.WriteString("state", DialectWords.State(TaskState.Completed));
    }

    private async Task<Record?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var guid)) return null;
        if (await interactions.FindInteractionAsync(guid, cancellationToken) is { } interaction)
            return new Record("interaction", json => InteractionJson.Write(json, interaction));
        if (await sessions.FindSessionAsync(guid, cancellationToken) is { } session)
            return new Record("session", json => InteractionJson.Write(json, session));
        return null;
    }

    private sealed record Record(string Kind, Action<Utf8JsonWriter> Write);
}

using System.Text;
using System.Text.Json;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Files;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>Writes batches as OpenAI does: every field, null where it has no value.</summary>
internal static class BatchJson
{
    public static void Write(Utf8JsonWriter json, BatchState state)
    {
        var (batch, job, request, status, end) = (state.Batch, state.Job, state.Request, state.Status, state.EndedAt);
        var cancelled = status == "cancelled" ? end ?? batch.CheckedAt ?? batch.CancelledAt : null;
        json.WriteStartObject();
        json.WriteString("id", OpenAiIds.OfBatch(batch.Id));
        json.WriteString("object", "batch");
        json.WriteString("endpoint", request.Endpoint);
        json.WriteString("model", batch.Model);
        json.WriteRaw("errors", batch.Errors is { } errors ? Encoding.UTF8.GetBytes(errors) : default);
        json.WriteString("input_file_id", OpenAiIds.OfFile(batch.FileId));
        json.WriteString("completion_window", request.Window);
        json.WriteString("status", status);
        json.WriteString("output_file_id", state.HasOutput ? OpenAiIds.OfResults(batch.Id, isErrors: false) : null);
        json.WriteString("error_file_id", state.HasErrors ? OpenAiIds.OfResults(batch.Id, isErrors: true) : null);
        OpenAiJson.WriteSeconds(json, "created_at", batch.CreatedAt);
        OpenAiJson.WriteSeconds(json, "in_progress_at", job?.CreatedAt);
        OpenAiJson.WriteSeconds(json, "expires_at", state.ExpiresAt);
        OpenAiJson.WriteSeconds(json, "finalizing_at", status == "completed" ? end : null);
        OpenAiJson.WriteSeconds(json, "completed_at", status == "completed" ? end : null);
        OpenAiJson.WriteSeconds(json, "failed_at", batch.State == FileBatchState.Refused ? batch.CheckedAt : null);
        OpenAiJson.WriteSeconds(json, "expired_at", status == "expired" ? end : null);
        OpenAiJson.WriteSeconds(json, "cancelling_at", CancelStart.Of(batch.CancelledAt, cancelled, cancelled is not null));
        OpenAiJson.WriteSeconds(json, "cancelled_at", cancelled);
        json.WriteStartObject("request_counts");
        json.WriteNumber("total", job?.Counters.Total ?? 0);
        json.WriteNumber("completed", job?.Counters.Completed ?? 0);
        json.WriteNumber("failed", job?.Counters.Failed ?? 0);
        json.WriteEndObject();
        WriteUsage(json, job?.Aggregate ?? default);
        request.WriteMetadata(json);
        if (job is null) json.WriteNull("job_id");
        else json.WriteString("job_id", job.JobId);
        json.WriteString("source_batch_id", request.SourceBatch is { } source ? OpenAiIds.OfBatch(source) : null);
        json.WriteNumber("cached", job?.Counters.Cached ?? 0);
        JobCost.WritePrice(json, "cost", job is null ? null : JobCost.Of(job));
        json.WriteEndObject();
    }

    /// <summary>The tokens of all answers; null in lists, and where no answer said any.</summary>
    private static void WriteUsage(Utf8JsonWriter json, ReadOnlyMemory<byte> aggregate)
    {
        json.WritePropertyName("usage");
        using var sums = aggregate.IsEmpty ? null : JsonDocument.Parse(aggregate);
        if (Find("total_tokens") is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        Number("input_tokens");
        json.WriteStartObject("input_tokens_details");
        Number("cached_tokens");
        json.WriteEndObject();
        Number("output_tokens");
        json.WriteStartObject("output_tokens_details");
        Number("reasoning_tokens");
        json.WriteEndObject();
        Number("total_tokens");
        json.WriteEndObject();

        void Number(string name)
        {
            json.WritePropertyName(name);
            if (Find(name) is { } value) value.WriteTo(json);
            else json.WriteNumberValue(0);
        }

        JsonElement? Find(string name) =>
            sums?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number ? value : null;
    }
}

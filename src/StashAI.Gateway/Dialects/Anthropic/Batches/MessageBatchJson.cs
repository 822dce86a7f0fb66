using System.Text.Json;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Queue;

namespace StashAI.Gateway.Dialects.Anthropic.Batches;

/// <summary>Writes batches as Anthropic does: every field, null where it has no value.</summary>
internal sealed class MessageBatchJson(PublicUrl publicUrl)
{
    /// <param name="json">Receives the batch.</param>
    /// <param name="request">The request to answer: results have a whole address.</param>
    /// <param name="batch">The batch.</param>
    public void Write(Utf8JsonWriter json, HttpRequest request, MessageBatch batch)
    {
        var id = AnthropicIds.OfBatch(batch.Batch.Id);
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", "message_batch");
        json.WriteString("processing_status", batch.Status);
        WriteCounts(json, batch);
        json.WriteTime("created_at", batch.Batch.CreatedAt);
        json.WriteTime("expires_at", batch.ExpiresAt);
        json.WriteTime("ended_at", batch.EndedAt);
        json.WriteNull("archived_at");
        json.WriteTime(
            "cancel_initiated_at",
            CancelStart.Of(batch.Batch.CancelledAt, batch.EndedAt, batch.IsEnded && batch.Job.Counters.Cancelled > 0));
        json.WriteString("results_url", batch.HasResults ? $"{publicUrl.Of(request)}/v1/messages/batches/{id}/results" : null);
        json.WriteString("job_id", batch.Job.JobId);
        JobCost.WritePrice(json, "cost", JobCost.Of(batch.Job));
        json.WriteEndObject();
    }

    /// <summary>Until the end, all requests count as processing, as their documentation says.</summary>
    private static void WriteCounts(Utf8JsonWriter json, MessageBatch batch)
    {
        var counters = batch.Job.Counters;
        json.WriteStartObject("request_counts");
        json.WriteNumber("processing", batch.IsEnded ? 0 : counters.Total);
        json.WriteNumber("succeeded", batch.IsEnded ? counters.Completed : 0);
        json.WriteNumber("errored", batch.IsEnded ? counters.Failed - batch.Expired : 0);
        json.WriteNumber("canceled", batch.IsEnded ? counters.Cancelled : 0);
        json.WriteNumber("expired", batch.Expired);
        json.WriteEndObject();
    }
}

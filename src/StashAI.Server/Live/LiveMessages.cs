using System.Buffers;
using System.Text.Json;
using StashAI.Queue.Model;
using StashAI.Server.Api.Wire;

namespace StashAI.Server.Live;

/// <summary>The messages that a socket sends, one JSON document each.</summary>
internal sealed class LiveMessages(TimeProvider clock, Dialect dialect)
{
    /// <summary>A larger result is replaced by the address where it is, save for clients that cannot know of that (C-01).</summary>
    private const int MaxOutput = 256 * 1024;

    public void Pong(ArrayBufferWriter<byte> buffer) => Write(buffer, "pong", _ => { });

    public void Established(ArrayBufferWriter<byte> buffer, string session) =>
        Write(buffer, "connection_established", json => json.WriteString("session_id", session));

    public void Subscribed(ArrayBufferWriter<byte> buffer, string subscription, string field, string id) =>
        Subscription(buffer, "subscription_confirmed", subscription, field, id);

    public void Unsubscribed(ArrayBufferWriter<byte> buffer, string subscription, string field, string id) =>
        Subscription(buffer, "unsubscribed", subscription, field, id);

    public void Error(ArrayBufferWriter<byte> buffer, string message) => Write(buffer, "error", json => json.WriteString("message", message));

    public void Progress(ArrayBufferWriter<byte> buffer, JobView job) => Write(buffer, "job_progress", json =>
    {
        JobJson.WriteProgress(json, job);
        json.WriteString("job_name", job.Name);
    });

    public void Status(ArrayBufferWriter<byte> buffer, JobView job, TaskView task) => Write(buffer, "task_status", json =>
    {
        TaskJson.WriteState(json, job, task, dialect);
        if (task.Output.Length > MaxOutput && dialect != Dialect.Plugin)
        {
            json.WriteNull("output_json");
            json.WriteString("output_url", $"/api/queue/task/{TaskKey.TaskId(job.JobId, task.Ordinal)}");
        }
        else
        {
            json.WriteRaw("output_json", task.Output);
        }
    });

    private void Subscription(ArrayBufferWriter<byte> buffer, string type, string subscription, string field, string id) =>
        Write(buffer, type, json =>
        {
            json.WriteString("subscription", subscription);
            json.WriteString(field, id);
        });

    private void Write(ArrayBufferWriter<byte> buffer, string type, Action<Utf8JsonWriter> fields)
    {
        using var json = new Utf8JsonWriter(buffer, WireJson.Options);
        json.WriteStartObject();
        json.WriteString("type", type);
        fields(json);
        json.WriteTime("timestamp", clock.GetUtcNow());
        json.WriteEndObject();
    }
}

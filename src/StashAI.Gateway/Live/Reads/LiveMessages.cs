using System.Text.Json;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Messages;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Live.Reads;

/// <summary>Writes the messages to one client, in its dialect.</summary>
internal sealed class LiveMessages(HttpRequest request, Dialect dialect, ShownResults shown)
{
    /// <summary>A larger result is replaced by its URL, except for the plugin, which does not know such URLs (C-01).</summary>
    private const int MaxOutput = 256 * 1024;

    public static LiveMessage Pong { get; } = new(LiveCatalog.Pong, _ => { });

    public LiveMessage Established(string session) => new(LiveCatalog.ConnectionEstablished, json =>
    {
        json.WriteString("session_id", session);
        json.WriteString("dialect", dialect == Dialect.Plugin ? "plugin" : "default");
    });

    public static LiveMessage Subscribed(LiveSubscription subscription) => About(LiveCatalog.SubscriptionConfirmed, subscription);

    public static LiveMessage Unsubscribed(LiveSubscription subscription) => About(LiveCatalog.Unsubscribed, subscription);

    public static LiveMessage Error(string message) => new(LiveCatalog.Error, json => json.WriteString("message", message));

    public static LiveMessage Progress(JobView job) => new(LiveCatalog.JobProgress, json =>
    {
        JobJson.WriteProgress(json, job);
        json.WriteString("job_name", job.Name);
    });

    public LiveMessage Status(JobView job, TaskView task) => new(LiveCatalog.TaskStatus, json =>
    {
        TaskJson.WriteState(json, job, task, dialect);
        if (task.Output.Length > MaxOutput && dialect != Dialect.Plugin)
        {
            json.WriteNull("output_json");
            json.WriteString("output_url", request.LinkTo($"/api/queue/task/{TaskKey.TaskId(job.JobId, task.Ordinal)}"));
        }
        else
        {
            json.WriteRaw("output_json", shown.Of(job, task).Output);
        }
    });

    /// <param name="data">The statistics, a JSON object.</param>
    public static LiveMessage Stats(ReadOnlyMemory<byte> data) => new(LiveCatalog.QueueStats, json => json.WriteRaw("data", data));

    /// <param name="data">The interaction, a JSON object.</param>
    public static LiveMessage Interaction(ReadOnlyMemory<byte> data) =>
        new(LiveCatalog.NewInteraction, json => json.WriteRaw("data", data));

    /// <summary>The first page of a list.</summary>
    public static LiveMessage Page(ListSubscription list, ListPage page)
    {
        var isOfJobs = list.Filter.Query is not null;
        return new(isOfJobs ? LiveCatalog.Jobs : LiveCatalog.Services, json =>
        {
            if (isOfJobs) json.WriteString("name", list.Name);
            WriteEntries(json, isOfJobs ? "data" : "services", page.Entries);
            page.WriteRest(json);
        });
    }

    /// <summary>What has changed in a list.</summary>
    public static LiveMessage Changes(ListSubscription list, IReadOnlyList<ListEntry> entries, Action<Utf8JsonWriter> writeRest)
    {
        var isOfJobs = list.Filter.Query is not null;
        return new(isOfJobs ? LiveCatalog.JobsChanged : LiveCatalog.ServicesChanged, json =>
        {
            if (isOfJobs) json.WriteString("name", list.Name);
            WriteEntries(json, isOfJobs ? "jobs" : "services", Of(ListChange.Changed));
            if (isOfJobs) WriteEntries(json, "left", Of(ListChange.Left));
            json.WriteStartArray("removed");
            foreach (var entry in entries.Where(entry => entry.Change == ListChange.Removed)) json.WriteStringValue(entry.Id);
            json.WriteEndArray();
            writeRest(json);
        });

        IEnumerable<ReadOnlyMemory<byte>> Of(ListChange change) =>
            entries.Where(entry => entry.Change == change).Select(entry => entry.Entry);
    }

    private static void WriteEntries(Utf8JsonWriter json, string name, IEnumerable<ReadOnlyMemory<byte>> entries)
    {
        json.WriteStartArray(name);
        foreach (var entry in entries) json.WriteRawValue(entry.Span, skipInputValidation: true);
        json.WriteEndArray();
    }

    private static LiveMessage About(LiveMessageType type, LiveSubscription subscription) => new(type, json =>
    {
        json.WriteString("subscription", subscription.Word);
        if (subscription.Name is { } name) json.WriteString("name", name);
        if (subscription.IdField is { } field) json.WriteString(field, subscription.Id);
    });
}

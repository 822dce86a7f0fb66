using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Writes the totals of the queue in all vocabularies of clients (C-06), the same for REST and the WebSocket.</summary>
internal static class StatsJson
{
    /// <param name="json">The writer, inside an object.</param>
    /// <param name="stats">The totals.</param>
    /// <param name="reserved">Calls that this process has claimed and not begun.</param>
    /// <param name="now">For ages and the timestamp.</param>
    public static void WriteFields(Utf8JsonWriter json, QueueStats stats, int reserved, DateTimeOffset now)
    {
        var tasks = stats.Tasks;
        var pending = tasks.Available + tasks.Scheduled;
        json.WriteNumber("total_tasks", tasks.Total);
        json.WriteNumber("pending", pending);
        json.WriteNumber("running", tasks.Running);
        json.WriteNumber("pending_tasks", pending);
        json.WriteNumber("running_tasks", tasks.Running);
        json.WriteNumber("completed_tasks", tasks.Completed);
        json.WriteNumber("failed_tasks", tasks.Failed);
        json.WriteNumber("cancelled_tasks", tasks.Cancelled);
        json.WriteNumber("active", Math.Max(0, tasks.Running - reserved));
        json.WriteNumber("scheduled", tasks.Scheduled);
        json.WriteNumber("reserved", Math.Min(reserved, tasks.Running));
        json.WritePropertyName("tasks");
        WriteTasks(json, tasks);
        json.WriteStartObject("jobs");
        json.WriteNumber("total", stats.Jobs.Sum());
        json.WriteNumber("active", stats.Jobs[(int)JobState.Pending] + stats.Jobs[(int)JobState.Running]);
        for (var state = JobState.Pending; state <= JobState.Cancelled; state++)
        {
            json.WriteNumber(DialectWords.State(state), stats.Jobs[(int)state]);
        }

        json.WriteEndObject();
        json.WriteStartObject("adapters");
        foreach (var (service, counts) in stats.Services)
        {
            json.WritePropertyName(service);
            WriteTasks(json, counts);
        }

        json.WriteEndObject();
        json.WriteNumber("workers", stats.Nodes);
        json.WriteNumberOrNull(
            "oldest_pending_seconds", stats.OldestPending is { } oldest ? Math.Max(0, (now - oldest).TotalSeconds) : null);
        json.WriteNumber("throughput_per_minute", stats.LastMinute);
    }

    private static void WriteTasks(Utf8JsonWriter json, QueueTotals tasks)
    {
        json.WriteStartObject();
        json.WriteNumber("total", tasks.Total);
        json.WriteNumber("pending", tasks.Available + tasks.Scheduled);
        json.WriteNumber("available", tasks.Available);
        json.WriteNumber("scheduled", tasks.Scheduled);
        json.WriteNumber("running", tasks.Running);
        json.WriteNumber("completed", tasks.Completed);
        json.WriteNumber("finished", tasks.Completed);
        json.WriteNumber("failed", tasks.Failed);
        json.WriteNumber("cancelled", tasks.Cancelled);
        json.WriteEndObject();
    }
}

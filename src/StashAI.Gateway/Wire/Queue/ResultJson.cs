using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Writes the results of a job: its ended tasks, in the order of the items.</summary>
internal static class ResultJson
{
    /// <summary>Writes a page of results, and the offset of the next page.</summary>
    public static void WritePage(Utf8JsonWriter json, JobView job, IReadOnlyList<TaskView> tasks, int offset, Dialect dialect)
    {
        var next = tasks.Count == 0 ? offset : tasks[^1].Ordinal + 1;
        json.WriteStartArray("results");
        foreach (var task in tasks)
        {
            if (TaskStateMachine.IsTerminal(task.State)) Write(json, job, task, dialect);
        }

        json.WriteEndArray();
        json.WritePropertyName("results_next_offset");
        if (next < job.Counters.Total) json.WriteNumberValue(next);
        else json.WriteNullValue();
    }

    public static void Write(Utf8JsonWriter json, JobView job, TaskView task, Dialect dialect)
    {
        json.WriteStartObject();
        TaskJson.WriteState(json, job, task, dialect);
        json.WriteNumber("batch_index", task.Ordinal);
        json.WriteRaw("output_json", task.Output);
        json.WriteEndObject();
    }

    /// <summary>The same within one line, whatever the service's JSON looks like.</summary>
    public static void WriteLine(Utf8JsonWriter json, JobView job, TaskView task, Dialect dialect) =>
        Write(json, job, task with { Output = OnOneLine(task.Output) }, dialect);

    /// <summary>JSON without line breaks and the spaces that indent its lines; all else stays as the service wrote it.</summary>
    /// <param name="output">Valid JSON.</param>
    public static ReadOnlyMemory<byte> OnOneLine(ReadOnlyMemory<byte> output)
    {
        var rest = output.Span;
        if (rest.IndexOfAny((byte)'\n', (byte)'\r') < 0) return output;
        // Texts write theirs as escapes, so each one stands between two values or signs, and so do the spaces behind it.
        var line = new byte[output.Length];
        var length = 0;
        for (int end; (end = rest.IndexOfAny((byte)'\n', (byte)'\r')) >= 0; rest = rest[end..].TrimStart(" \t\r\n"u8))
        {
            rest[..end].CopyTo(line.AsSpan(length));
            length += end;
        }

        rest.CopyTo(line.AsSpan(length));
        return line.AsMemory(0, length + rest.Length);
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Writes results one a line: as JSON, or as the rows of a table (RFC 4180).</summary>
internal sealed class ResultStreamWriter(IBufferWriter<byte> output, JobView job, bool isCsv, Prompts prompts)
{
    private const string Head = "index,id,item_id,item_name,state,error_kind,error_message,processing_ms,finished_at,result";

    private readonly bool hasPeople = isCsv && FaceRows.AreOf(job);
    private readonly bool hasCost = JobCost.Of(job) is not null;

    public void WriteHead()
    {
        if (!isCsv) return;
        var prompt = prompts.AreShown ? $",{Prompts.Field}" : "";
        Encoding.UTF8.GetBytes($"{Head}{prompt}{(hasPeople ? ",people" : "")}{(hasCost ? ",cost" : "")}\r\n", output);
    }

    public void Write(TaskView task)
    {
        if (isCsv)
        {
            WriteRow(task);
            return;
        }

        using (var json = new Utf8JsonWriter(output, WireJson.Options)) JobResultRoutes.WriteResult(json, job, task, prompts);
        output.Write("\n"u8);
    }

    private void WriteRow(TaskView task)
    {
        var item = ItemNames.Of(task);
        var (people, result) = hasPeople ? FaceRows.Read(task.Output) : (null, task.Output);
        List<string?> cells =
        [
            task.Ordinal.ToString(CultureInfo.InvariantCulture),
            TaskKey.TaskId(job.JobId, task.Ordinal).ToString(),
            (item with { Name = null }).Text,
            item.Name,
            DialectWords.State(task.State),
            task.ErrorKind == ErrorKind.None ? null : ErrorWords.Of(task.ErrorKind),
            task.ErrorMessage,
            task.ProcessingMs is { } ms ? Math.Round(ms, 3).ToString(CultureInfo.InvariantCulture) : null,
            task.FinishedAt is { } time ? WireTime.Text(time) : null,
            result.IsEmpty ? null : Encoding.UTF8.GetString(ResultJson.OnOneLine(result).Span),
        ];
        if (prompts.AreShown) cells.Add(prompts.Of(task));
        if (hasPeople) cells.Add(people);
        if (hasCost) cells.Add(JobCost.Of(task) is { } cost ? JobCost.Shortened(cost).ToString(CultureInfo.InvariantCulture) : null);
        Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Cell)) + "\r\n", output);
    }

    /// <summary>A text that a spreadsheet would run as a formula is a text to it with an apostrophe before.</summary>
    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var safe = "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) && !double.TryParse(text, CultureInfo.InvariantCulture, out _)
            ? "'" + text : text;
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

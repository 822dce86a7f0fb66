using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;

namespace StashAI.Server.Cli.Work;

/// <summary>Writes results one after the other.</summary>
internal interface IResultFormat : IAsyncDisposable
{
    Task WriteAsync(TaskResult result, CancellationToken cancellationToken);
}

/// <summary>A JSON document a line: the whole result, or what was selected of it.</summary>
internal sealed class NdjsonResults(TextWriter output, IReadOnlyList<Pointer> select, JsonLines whole) : IResultFormat
{
    public Task WriteAsync(TaskResult result, CancellationToken cancellationToken) => select switch
    {
        [] => whole.WriteAsync(output, result),
        [{ IsNamed: false } only] => output.WriteLineAsync(JsonLines.Text(only.Select(result.Output))),
        _ => output.WriteLineAsync(JsonLines.Text(Row(result, select))),
    };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static JsonObject Row(TaskResult result, IReadOnlyList<Pointer> select)
    {
        var row = new JsonObject { ["index"] = result.Index, ["item"] = result.ItemName };
        foreach (var pointer in select) row[pointer.Name] = pointer.Select(result.Output);
        return row;
    }
}

/// <summary>One JSON list.</summary>
internal sealed class JsonListResults(TextWriter output, IReadOnlyList<Pointer> select) : IResultFormat
{
    private bool isStarted;

    public async Task WriteAsync(TaskResult result, CancellationToken cancellationToken)
    {
        await output.WriteAsync(isStarted ? ",\n" : "[\n");
        isStarted = true;
        var node = select switch
        {
            [] => JsonSerializer.SerializeToNode(result, StashJson.Options),
            [{ IsNamed: false } only] => only.Select(result.Output),
            _ => NdjsonResults.Row(result, select),
        };
        await output.WriteAsync(JsonLines.Text(node));
    }

    public async ValueTask DisposeAsync() => await output.WriteLineAsync(isStarted ? "\n]" : "[]");
}

/// <summary>Comma-separated values (RFC 4180) with a head.</summary>
internal sealed class CsvResults(TextWriter output, IReadOnlyList<Pointer> select) : IResultFormat
{
    private bool isStarted;

    public async Task WriteAsync(TaskResult result, CancellationToken cancellationToken)
    {
        await StartAsync();
        List<string> cells =
            [result.Index.ToString(CultureInfo.InvariantCulture), result.ItemName ?? "", Words.Of(result.State), result.ErrorMessage ?? ""];
        if (select.Count > 0) cells.AddRange(select.Select(one => one.Text(result.Output)));
        else cells.Add(result.Output is { } whole ? Pointer.TextOf(JsonNode.Parse(whole.GetRawText())) : "");
        await output.WriteLineAsync(string.Join(',', cells.Select(Quote)));
    }

    public async ValueTask DisposeAsync() => await StartAsync();

    private async Task StartAsync()
    {
        if (isStarted) return;
        isStarted = true;
        IEnumerable<string> names = select.Count == 0 ? ["result"] : select.Select(one => Quote(one.Name));
        await output.WriteLineAsync(string.Join(',', ["index", "item", "state", "error", .. names]));
    }

    /// <summary>A cell that a spreadsheet would take for a formula gets an apostrophe: results are texts of others.</summary>
    private static string Quote(string cell)
    {
        var safe = IsFormula(cell) ? $"'{cell}" : cell;
        var isPlain = safe.AsSpan().IndexOfAny(",\"\r\n") < 0 && !safe.StartsWith(' ');
        return isPlain ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static bool IsFormula(string cell)
    {
        if (cell.Length == 0) return false;
        return cell[0] is '=' or '@' or '\t' or '\r'
            || (cell[0] is '+' or '-' && !double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
    }
}

/// <summary>A file for each item, called like the item.</summary>
internal sealed class FolderResults(string folder, IReadOnlyList<Pointer> select) : IResultFormat
{
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);

    public int Count { get; private set; }

    public async Task WriteAsync(TaskResult result, CancellationToken cancellationToken)
    {
        if (result.State != TaskState.Completed) return;
        Directory.CreateDirectory(folder);
        var node = select switch
        {
            [] => result.Output is { } whole ? JsonNode.Parse(whole.GetRawText()) : null,
            [var only] => only.Select(result.Output),
            _ => NdjsonResults.Row(result, select),
        };
        var isText = node is JsonValue value && value.GetValueKind() == JsonValueKind.String;
        await File.WriteAllTextAsync(
            Path.Combine(folder, NameOf(result) + (isText ? ".txt" : ".json")),
            isText ? node!.GetValue<string>() : JsonLines.Text(node) + "\n",
            cancellationToken);
        Count++;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The last part of the item's name, without anything that leads out of the folder.</summary>
    private string NameOf(TaskResult result)
    {
        var number = result.Index.ToString("000000", CultureInfo.InvariantCulture);
        var given = result.ItemName is { } text ? text[(text.LastIndexOfAny(['/', '\\']) + 1)..] : "";
        var name = new string([.. given.Where(letter => !char.IsControl(letter) && !Path.GetInvalidFileNameChars().Contains(letter))])
            .Trim('.', ' ');
        // File systems limit the bytes of a name.
        if (name.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(name) > 200) name = number;
        var own = name;
        // Another item may be called like the first choice.
        for (var i = 1; !taken.Add(own); i++) own = i == 1 ? $"{name}-{number}" : $"{name}-{number}-{i}";
        return own;
    }
}

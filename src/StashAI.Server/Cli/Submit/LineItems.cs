using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Client.Submit;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Submit;

/// <summary>Lines become items: texts, JSON documents (JSONL) or rows of a table (CSV).</summary>
internal static class LineItems
{
    private const string StandardInput = "-";

    /// <summary>A text a line of standard input; empty lines are left out.</summary>
    public static ItemSource Texts(TextReader input) => new(ReadTextsAsync(input), null, CanBeReadAgain: false);

    /// <summary>A JSON document a line, or rows of CSV where the name ends so.</summary>
    /// <param name="path">The file; `-` is standard input with JSONL.</param>
    /// <param name="columns"><c>FIELD=COLUMN</c> for each field of the items, or one column that is the item; empty for all fields.</param>
    /// <param name="input">Standard input.</param>
    public static ItemSource Items(string path, IReadOnlyList<string> columns, TextReader input)
    {
        if (path != StandardInput && !File.Exists(path)) throw new UsageException($"--items must be a file that exists, not '{path}'.");
        var isCsv = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        var chosen = columns.Select(Column.Parse).ToList();
        if (chosen.Count > 1 && chosen.Any(column => column.Field is null))
            throw new UsageException("--column COLUMN makes the item of one column; give several as FIELD=COLUMN.");
        return new ItemSource(ReadAsync(path, isCsv, chosen, input), null, CanBeReadAgain: path != StandardInput);
    }

    private static async IAsyncEnumerable<SubmitItem> ReadTextsAsync(
        TextReader input, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Trim().Length > 0) yield return SubmitItem.FromText(line);
        }
    }

    private static async IAsyncEnumerable<SubmitItem> ReadAsync(
        string path,
        bool isCsv,
        IReadOnlyList<Column> columns,
        TextReader input,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var file = path == StandardInput ? null : new StreamReader(RegularFile.OpenRead(path));
        var rows = isCsv ? CsvRows.ReadAsync(file!, path, cancellationToken) : JsonRowsAsync(file ?? input, path, cancellationToken);
        await foreach (var (line, row) in rows)
            yield return SubmitItem.FromJson(JsonSerializer.SerializeToElement(Choose(row, columns, path, line)));
    }

    private static async IAsyncEnumerable<(int Line, JsonNode? Row)> JsonRowsAsync(
        TextReader reader, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var line = 1; await reader.ReadLineAsync(cancellationToken) is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            JsonNode? row;
            try
            {
                row = JsonNode.Parse(text);
            }
            catch (JsonException exception)
            {
                throw new UsageException($"{path}:{line}: not JSON: {exception.Message}");
            }

            yield return (line, row);
        }
    }

    private static JsonNode? Choose(JsonNode? row, IReadOnlyList<Column> columns, string path, int line)
    {
        if (columns.Count == 0) return row;
        if (row is not JsonObject all) throw new UsageException($"{path}:{line}: --column needs an object on each line.");
        if (columns is [{ Field: null } only]) return ValueOf(all, only.Name, path, line);
        var item = new JsonObject();
        foreach (var column in columns) item[column.Field!] = ValueOf(all, column.Name, path, line);
        return item;
    }

    private static JsonNode? ValueOf(JsonObject row, string name, string path, int line) => row.TryGetPropertyValue(name, out var value)
        ? value?.DeepClone()
        : throw new UsageException(
            $"{path}:{line}: there is no column '{name}'; there are {string.Join(", ", row.Select(one => one.Key))}.");

    /// <summary>Where a field of the items comes from; the item itself where no field is named.</summary>
    private sealed record Column(string? Field, string Name)
    {
        public static Column Parse(string text) =>
            text.Split('=', 2) is [{ Length: > 0 } field, { Length: > 0 } name] ? new(field, name) : new(null, text);
    }
}

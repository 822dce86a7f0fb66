using System.Runtime.CompilerServices;
using System.Text;
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
    public static ItemSource Texts(TextReader input) =>
        Of(CheckedAsync(ReadTextsAsync(input), "standard input"), CanBeReadAgain: false);

    /// <summary>A text a line of files.</summary>
    public static ItemSource Lines(IReadOnlyList<string> paths) => Of(TextFiles.LinesAsync(paths), CanBeReadAgain: true);

    /// <summary>A text a file.</summary>
    public static ItemSource Whole(IReadOnlyList<string> paths) =>
        Of(TextFiles.WholeAsync(paths), CanBeReadAgain: true) with { Count = paths.Count };

    /// <summary>Texts of the command line.</summary>
    public static ItemSource Texts(IReadOnlyList<string> texts)
    {
        var items = texts.Select((text, i) => new GivenItem($"--text {i + 1}", JsonSerializer.SerializeToElement(text)));
        return Of(items.ToAsyncEnumerable(), CanBeReadAgain: true) with { Count = texts.Count };
    }

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
        return Of(CheckedAsync(ReadAsync(path, isCsv, chosen, input), path), CanBeReadAgain: path != StandardInput);
    }

    private static ItemSource Of(IAsyncEnumerable<GivenItem> given, bool CanBeReadAgain) => new(
        given.Select(item => item.Error is null
            ? SubmitItem.FromJson(item.Json!.Value) : throw new UsageException($"{item.Place}: {item.Error}")),
        null, CanBeReadAgain, given);

    /// <summary>The items; an error at the first text that is not UTF-8.</summary>
    private static async IAsyncEnumerable<GivenItem> CheckedAsync(
        IAsyncEnumerable<GivenItem> items, string place, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var all = items.GetAsyncEnumerator(cancellationToken);
        var last = place;
        while (true)
        {
            var isText = true;
            try
            {
                if (!await all.MoveNextAsync()) yield break;
            }
            catch (DecoderFallbackException)
            {
                isText = false;
            }

            yield return isText ? all.Current : new GivenItem(place, null, $"not text in UTF-8, soon after {last}; convert it first.");
            if (!isText) yield break;
            last = all.Current.Place;
        }
    }

    private static async IAsyncEnumerable<GivenItem> ReadTextsAsync(
        TextReader input, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var number = 1; await input.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            if (line.Trim().Length > 0) yield return new GivenItem($"line {number}", JsonSerializer.SerializeToElement(line));
        }
    }

    private static async IAsyncEnumerable<GivenItem> ReadAsync(
        string path,
        bool isCsv,
        IReadOnlyList<Column> columns,
        TextReader input,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var file = path == StandardInput ? null : new StreamReader(RegularFile.OpenRead(path), TextFiles.Strict);
        var rows = isCsv
            ? CsvRows.ReadAsync(file!, path, cancellationToken).Select(one => new Row(one.Line, one.Row, one.Error))
            : JsonRowsAsync(file ?? input, cancellationToken);
        await foreach (var row in rows) yield return Choose(row, columns, $"{path}:{row.Line}");
    }

    private static async IAsyncEnumerable<Row> JsonRowsAsync(
        TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var line = 1; await reader.ReadLineAsync(cancellationToken) is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            yield return Parse(text, line);
        }
    }

    private static Row Parse(string text, int line)
    {
        try
        {
            return new Row(line, JsonNode.Parse(text));
        }
        catch (JsonException exception)
        {
            return new Row(line, null, $"not JSON: {exception.Message}");
        }
    }

    private static GivenItem Choose(Row row, IReadOnlyList<Column> columns, string place)
    {
        if (row.Error is not null) return new GivenItem(place, null, row.Error);
        if (columns.Count == 0) return new GivenItem(place, JsonSerializer.SerializeToElement(row.Value));
        if (row.Value is not JsonObject all) return new GivenItem(place, null, "--column needs an object on each line.");
        if (columns.FirstOrDefault(column => !all.ContainsKey(column.Name)) is { } missing)
        {
            return new GivenItem(
                place, null, $"there is no column '{missing.Name}'; there are {string.Join(", ", all.Select(one => one.Key))}.");
        }

        if (columns is [{ Field: null } only]) return new GivenItem(place, JsonSerializer.SerializeToElement(all[only.Name]));
        var item = new JsonObject();
        foreach (var column in columns) item[column.Field!] = all[column.Name]?.DeepClone();
        return new GivenItem(place, JsonSerializer.SerializeToElement(item));
    }

    /// <summary>What a line holds, or why it cannot be read.</summary>
    private sealed record Row(int Line, JsonNode? Value, string? Error = null);

    /// <summary>Where a field of the items comes from; the item itself where no field is named.</summary>
    private sealed record Column(string? Field, string Name)
    {
        public static Column Parse(string text) =>
            text.Split('=', 2) is [{ Length: > 0 } field, { Length: > 0 } name] ? new(field, name) : new(null, text);
    }
}

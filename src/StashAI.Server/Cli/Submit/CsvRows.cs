using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Submit;

/// <summary>Reads comma-separated values (RFC 4180). The first row names the columns; a quoted cell may have line breaks.</summary>
internal static class CsvRows
{
    public static async IAsyncEnumerable<(int Line, JsonNode? Row, string? Error)> ReadAsync(
        TextReader reader, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string>? heads = null;
        var line = 1;
        while (await reader.ReadLineAsync(cancellationToken) is { } text)
        {
            var start = line;
            while (text.Count(letter => letter == '"') % 2 != 0)
            {
                if (await reader.ReadLineAsync(cancellationToken) is not { } more)
                    throw new UsageException($"{path}:{start}: a quoted cell has no end.");

                text = $"{text}\n{more}";
                line++;
            }

            line++;
            if (text.Length == 0) continue;
            var cells = Split(text);
            if (heads is null)
            {
                heads = cells;
                continue;
            }

            if (cells.Count != heads.Count)
            {
                yield return (start, null, $"{cells.Count} cells, but {heads.Count} columns.");
                continue;
            }

            var row = new JsonObject();
            for (var i = 0; i < heads.Count; i++) row[heads[i]] = cells[i];
            yield return (start, row, null);
        }
    }

    private static List<string> Split(string text)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                cell.Append(text[i++]);
            }
            else if (text[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (text[i] == ',' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(text[i]);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}

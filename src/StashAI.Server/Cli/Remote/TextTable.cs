namespace StashAI.Server.Cli.Remote;

/// <summary>Aligned columns without lines or colours, which people can read and programs can split.</summary>
internal sealed class TextTable(params string[] heads)
{
    private const int MaxCell = 60;

    private readonly List<string[]> rows = [heads];

    public int Count => rows.Count - 1;

    public void Add(params IReadOnlyList<string?> cells) => rows.Add([.. cells.Select(cell => Cut((cell ?? "").ReplaceLineEndings(" ")))]);

    public async Task WriteAsync(TextWriter output)
    {
        var widths = Enumerable.Range(0, heads.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => cell.PadRight(widths[column]));
            await output.WriteLineAsync(string.Join("  ", cells).TrimEnd());
        }
    }

    private static string Cut(string text) => text.Length <= MaxCell ? text : text[..(MaxCell - 3)] + "...";
}

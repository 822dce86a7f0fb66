namespace StashAI.Server.Cli.Remote;

/// <summary>
/// Progress on standard error: on a terminal some lines that are drawn again and again, elsewhere a plain line for each step of ten
/// percent.
/// </summary>
/// <param name="plain">Takes plain lines; null for none.</param>
/// <param name="terminal">The terminal; null where there is none.</param>
internal sealed class ProgressLines(TextWriter? plain, TextWriter? terminal)
{
    private const int BarWidth = 24;

    private readonly Dictionary<string, int> said = [];
    private int drawn;

    /// <summary>A bar such as <c>[######..................]  25%</c>.</summary>
    public static string Bar(double percent)
    {
        var full = (int)(Math.Clamp(percent, 0, 100) / 100 * BarWidth);
        return FormattableString.Invariant($"[{new string('#', full)}{new string('.', BarWidth - full)}] {percent,3:0}%");
    }

    /// <summary>Shows one line for each name.</summary>
    /// <param name="lines">The name of a line, its text, and its step: where there is no terminal a line is written once a step.</param>
    public void Show(IReadOnlyList<(string Name, string Text, int Step)> lines)
    {
        if (terminal is not null)
        {
            Clear();
            foreach (var line in lines) terminal.Write($"{Cut(line.Text)}\n");
            terminal.Flush();
            drawn = lines.Count;
            return;
        }

        foreach (var (name, text, step) in lines)
        {
            if (said.TryGetValue(name, out var last) && last == step) continue;
            said[name] = step;
            plain?.WriteLine(text);
        }
    }

    /// <summary>Takes the drawn lines off the terminal.</summary>
    public void Clear()
    {
        if (terminal is null || drawn == 0) return;
        terminal.Write($"\e[{drawn}A\e[J");
        terminal.Flush();
        drawn = 0;
    }

    /// <summary>A line that wraps would be drawn over wrongly, and control characters of others must not reach the terminal.</summary>
    private static string Cut(string text)
    {
        var plain = StashAI.Hosting.Terminal.EscapedText.Line(text);
        return plain.Length < 110 ? plain : plain[..107] + "...";
    }
}

using System.Text;
using Spectre.Console;

namespace StashAI.Server.Demo;

/// <summary>
/// The process's standard output for the library that draws on the terminal with control sequences. All other output goes through a writer
/// that escapes them.
/// </summary>
internal sealed class TerminalOutput(TextWriter writer) : IAnsiConsoleOutput
{
    private const int DefaultWidth = 80;
    private const int DefaultHeight = 24;

    /// <summary>The library takes a file for a terminal where TERM names one; control sequences are for real terminals only.</summary>
    public AnsiConsoleSettings Settings => new()
    {
        Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Out = this,
    };

    public TextWriter Writer => writer;

    public bool IsTerminal => !Console.IsOutputRedirected;

    public int Width => Size(() => Console.BufferWidth, DefaultWidth);

    public int Height => Size(() => Console.WindowHeight, DefaultHeight);

    public void SetEncoding(Encoding encoding)
    {
        if (IsTerminal) Console.OutputEncoding = encoding;
    }

    private static int Size(Func<int> read, int usual)
    {
        try
        {
            return read() is > 0 and var size ? size : usual;
        }
        catch (IOException)
        {
            return usual;
        }
    }
}

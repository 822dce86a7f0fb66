using System.Text;
using Spectre.Console;

namespace StashAI.Server.Demo;

/// <summary>
/// The process's standard output for the library that draws on it, which writes control sequences of its own. Everything else goes through a
/// writer that takes none.
/// </summary>
internal sealed class TerminalOutput(TextWriter writer) : IAnsiConsoleOutput
{
    private const int UsualWidth = 80;
    private const int UsualHeight = 24;

    public TextWriter Writer => writer;

    public bool IsTerminal => !Console.IsOutputRedirected;

    public int Width => Size(() => Console.BufferWidth, UsualWidth);

    public int Height => Size(() => Console.WindowHeight, UsualHeight);

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

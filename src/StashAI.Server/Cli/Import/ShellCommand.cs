using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Import;

/// <summary>One command as a shell would start it.</summary>
/// <param name="Words">The program and its arguments.</param>
/// <param name="Input">What stands on its standard input (a here document), or null.</param>
/// <param name="InputFile">The file that is its standard input, or null.</param>
internal sealed record ShellCommand(IReadOnlyList<string> Words, string? Input, string? InputFile)
{
    /// <summary>Reads a line for bash, or one that was copied for cmd.exe or PowerShell.</summary>
    /// <exception cref="UsageException">It holds what only a shell can do, or is no command line.</exception>
    public static ShellCommand Read(string line)
    {
        ShellVariables.Refuse(line);
        var command = WindowsLine.IsCmd(line) ? new ShellCommand(WindowsLine.CmdWords(line), null, null)
            : WindowsLine.IsPowerShell(line) ? new ShellCommand(WindowsLine.PowerShellWords(line), null, null)
            : new ShellLine(line).Read();
        return command.Words.Append(command.Input ?? "").All(IsWhole) ? command : throw new UsageException("the command has half of a surrogate pair, or a NUL, which cannot be sent.");
    }

    private static bool IsWhole(string word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '\0' || (char.IsSurrogate(word[i]) && !(i + 1 < word.Length && char.IsSurrogatePair(word[i], word[++i])))) return false;
        }

        return true;
    }
}


namespace StashAI.Gateway.Upstreams.Import.Shell;

/// <summary>One command as a shell would start it.</summary>
/// <param name="Words">The program and its arguments.</param>
/// <param name="Input">The text on its standard input (a here document); null for none.</param>
/// <param name="InputFile">The file on its standard input; null for none.</param>
internal sealed record ShellCommand(IReadOnlyList<string> Words, string? Input, string? InputFile)
{
    /// <summary>Reads a line for bash, or one that was copied for cmd.exe or PowerShell.</summary>
    /// <exception cref="ImportException">The command needs a shell, or is not a command line.</exception>
    public static ShellCommand Read(string line)
    {
        ShellVariables.Refuse(line);
        var command = WindowsLine.IsCmd(line) ? new ShellCommand(WindowsLine.CmdWords(line), null, null)
            : WindowsLine.IsPowerShell(line) ? new ShellCommand(WindowsLine.PowerShellWords(line), null, null)
            : new ShellLine(line).Read();
        return command.Words.Append(command.Input ?? "").All(IsValidText)
            ? command
            : throw new ImportException("the command contains an unpaired surrogate or a NUL, which cannot be sent.");
    }

    private static bool IsValidText(string word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '\0' || (char.IsSurrogate(word[i]) && !(i + 1 < word.Length && char.IsSurrogatePair(word[i], word[++i]))))
            {
                return false;
            }
        }

        return true;
    }
}

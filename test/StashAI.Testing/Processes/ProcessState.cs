namespace StashAI.Testing.Processes;

/// <summary>The state letter of a process on Linux.</summary>
public static class ProcessState
{
    /// <summary>R, S or D for a living process, T for a frozen one, Z for one that is over; Z as well where there is none.</summary>
    public static char Read(int processId)
    {
        try
        {
            // The state follows the name, which stands in parentheses.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'Z';
        }
    }
}

using System.Globalization;

namespace StashAI.Testing.Processes;

/// <summary>What processes have taken of all processors, as Linux counts it.</summary>
public static class ProcessorTime
{
    /// <summary>Linux reports the time of ended processes in hundredths of a second.</summary>
    private const long TicksPerUnit = TimeSpan.TicksPerSecond / 100;

    /// <summary>The time of a process and of the processes that it has started, those among them that have ended included.</summary>
    public static TimeSpan OfFamily(int processId)
    {
        // The fields follow the name, which stands in parentheses and may have blanks.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ended = long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
        var living = File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => Of(int.Parse(child, CultureInfo.InvariantCulture)));
        return living.Aggregate(Of(processId) + TimeSpan.FromTicks(ended * TicksPerUnit), (sum, time) => sum + time);
    }

    /// <summary>The time of one process; zero for one that has ended.</summary>
    private static TimeSpan Of(int processId)
    {
        try
        {
            var nanoseconds = File.ReadAllText($"/proc/{processId}/schedstat").Split(' ')[0];
            return TimeSpan.FromTicks(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
        }
        catch (IOException)
        {
            return TimeSpan.Zero;
        }
    }
}

using System.Globalization;

namespace StashAI.Hosting.Connections;

/// <summary>How many files and connections the operating system lets this process have open.</summary>
public static class FileLimit
{
    private const string LimitsFile = "/proc/self/limits";

    private const string OpenFilesEntry = "Max open files";

    /// <summary>The current limit; null when it is unknown or there is none.</summary>
    public static long? Read()
    {
        try
        {
            // The runtime raises the soft limit to the hard one before any of our code runs.
            return File.Exists(LimitsFile) ? Parse(File.ReadLines(LimitsFile)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static long? Parse(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(OpenFilesEntry, StringComparison.Ordinal));
        var soft = line?[OpenFilesEntry.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}

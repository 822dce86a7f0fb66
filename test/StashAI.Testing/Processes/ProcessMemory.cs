using System.Globalization;

namespace StashAI.Testing.Processes;

/// <summary>What a process holds in memory, as Linux counts it.</summary>
/// <param name="ResidentBytes">Resident now (VmRSS).</param>
/// <param name="PeakResidentBytes">The most that was ever resident (VmHWM), since the start or the last reset.</param>
public sealed record ProcessMemory(long ResidentBytes, long PeakResidentBytes)
{
    internal static ProcessMemory Read(int processId)
    {
        var fields = File.ReadLines($"/proc/{processId}/status")
            .Select(line => line.Split(':', 2))
            .ToDictionary(parts => parts[0], parts => parts[^1].Trim());
        return new ProcessMemory(Bytes(fields["VmRSS"]), Bytes(fields["VmHWM"]));
    }

    /// <summary>Makes the peak of a process start again from what it holds now.</summary>
    internal static void ResetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    private static long Bytes(string kilobytes) =>
        long.Parse(kilobytes.Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
}

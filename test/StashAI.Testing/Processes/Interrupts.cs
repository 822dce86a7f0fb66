using System.Globalization;

namespace StashAI.Testing.Processes;

/// <summary>Whether programs that tests start can be interrupted.</summary>
public static class Interrupts
{
    public const string WhySkipped =
        "Whoever runs the tests lets programs ignore SIGINT, as a shell does for what it starts in the background.";

    private const string Ignored = "SigIgn:";

    /// <summary>Bit 2 of the ignored signals is SIGINT; a program inherits them.</summary>
    public static bool AreIgnored =>
        (ulong.Parse(
            File.ReadLines("/proc/self/status").First(line => line.StartsWith(Ignored, StringComparison.Ordinal))[Ignored.Length..].Trim(),
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture) & 2) != 0;
}

using System.ComponentModel;
using System.Diagnostics;

namespace StashAI.Server.Cli.Remote;

/// <summary>The browser of the person at the terminal.</summary>
/// <param name="Program">The program that opens addresses; null for the one that Windows chooses.</param>
internal sealed record Browser(string? Program)
{
    /// <summary>
    /// The program that BROWSER names, or the one of the system; null on a machine without a screen, such as over ssh.
    /// </summary>
    public static Browser? Find(Func<string, string?> environment)
    {
        if (environment("BROWSER") is { Length: > 0 } named) return new Browser(named);
        if (OperatingSystem.IsWindows()) return new Browser((string?)null);
        if (OperatingSystem.IsMacOS()) return new Browser("/usr/bin/open");
        var hasScreen = environment("DISPLAY") is { Length: > 0 } || environment("WAYLAND_DISPLAY") is { Length: > 0 };
        return hasScreen ? new Browser("xdg-open") : null;
    }

    /// <summary>Opens an address; false when the program does not start.</summary>
    public bool Open(Uri address)
    {
        var start = Program is null
            ? new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true }
            // What it writes would come between the lines of this program.
            : new ProcessStartInfo(Program, [address.AbsoluteUri]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start);
            return true;
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException)
        {
            return false;
        }
    }
}

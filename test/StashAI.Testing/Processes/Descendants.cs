using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace StashAI.Testing.Processes;

/// <summary>
/// The processes that stem from one started process, known by a variable that they inherit; so those are found too whose parent is
/// already gone.
/// </summary>
internal sealed class Descendants
{
    private const string Variable = "STASHAI_TEST_PROCESS";
    private readonly string value = Guid.NewGuid().ToString("N");

    public void Mark(ProcessStartInfo start) => start.Environment[Variable] = value;

    /// <summary>Ends them all; Linux only, elsewhere it finds none.</summary>
    public void Kill()
    {
        // A process may start another one while this looks around: look again until none is left. One that was
        // killed counts as gone once its memory is, even if nobody has collected its exit code.
        while (Find() is { Count: > 0 } processIds)
        {
            foreach (var id in processIds)
            {
                KillOne(id);
            }
        }
    }

    private List<int> Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var mark = Encoding.UTF8.GetBytes($"{Variable}={value}\0");
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && Environ(id).AsSpan().IndexOf(mark) >= 0)];
    }

    private static byte[] Environ(int id)
    {
        try
        {
            // Empty for zombies, which are gone already.
            return File.ReadAllBytes($"/proc/{id}/environ");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static void KillOne(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended by itself meanwhile.
        }
    }
}

using System.Globalization;
using StashAI.Hosting.Settings;

namespace StashAI.Hosting.Connections;

/// <summary>The form of settings that limit connections: no more than the process can hold.</summary>
public static class ConnectionForm
{
    /// <param name="fileLimit">Files that the process may have open; null for no limit.</param>
    /// <param name="calls">Calls to services at once.</param>
    public static SettingForm<int> Within(long? fileLimit, int calls) => SettingForms.WholeNumber(
        1, (int)Math.Min(int.MaxValue, ConnectionLimit.Maximum(fileLimit, calls)), "connections",
        fileLimit is null ? "" : string.Create(CultureInfo.InvariantCulture, $" (the process may have {fileLimit} files open)"));
}

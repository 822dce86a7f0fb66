using System.Text;
using StashAI.Hosting.Settings;

namespace StashAI.Server.Hosting;

/// <summary>Writes <c>docs/configuration.md</c> from the declarations of the settings.</summary>
internal static class ConfigurationPage
{
    private const string Introduction = """
        # Configuration

        Settings are environment variables; some have a flag of the command line as well. A flag wins over its variable, and a variable over the
        default. A variable that is set to an empty text counts as not set. A value that is not valid ends the program at the start with exit code 2
        and one sentence that names the setting.

        - `stashai config check` names every value that is not valid, and variables that look like a misspelt setting. `stashai config print` shows
          the values that count and where each comes from; secrets are masked. Both take the flags of `stashai serve`.
        - Yes and no are `true` and `false` (also `1` and `0`, `yes` and `no`, `on` and `off`). Lists are separated by commas.
        - Sizes are in bytes: 256 MiB is `268435456`.
        - Only the settings on this page are read. Variables of the framework (`ASPNETCORE_*`, `DOTNET_URLS`, `Kestrel__*`) and `appsettings.json` are not.
        - All processes of one queue need the same `DATABASE_URL` (or data folder), `PAYLOADS`, `SECRETS_KEY`, `ALLOWED_UPSTREAMS`, `ALLOWED_FETCH_HOSTS`, `TRUST_LAN`,
          `STRICT_UPSTREAMS`, `RETRY_AFTER_MAX_SECONDS` and services.
        - `stashai demo` starts a server of its own and ignores the variables of other servers.

        This page is written from the code, and a test compares the two: `stashai config docs > docs/configuration.md` writes it again.
        """;

    public static string Write()
    {
        var page = new StringBuilder(Introduction).Append('\n');
        foreach (var section in SettingsCatalog.Sections)
        {
            page.Append("\n## ").Append(section.Title).Append("\n\n");
            if (section.Before is { } before) page.Append(before).Append("\n\n");
            page.Append("| variable | flag | default | values | read by | meaning |\n|---|---|---|---|---|---|\n");
            foreach (var setting in section.Settings) page.Append(Row(setting));
            if (section.After is { } after) page.Append('\n').Append(after).Append('\n');
        }

        return page.ToString();
    }

    private static string Row(SettingDefinition setting)
    {
        string[] cells =
        [
            Codes(setting.Variables), setting.Flag is { } flag ? $"`{flag}`" : "", setting.DefaultText,
            setting.Values + (setting.IsSecret ? " (secret)" : ""), Codes(setting.Commands), setting.Meaning,
        ];
        return string.Concat(cells.Select(cell => cell.Length > 0 ? $"| {cell} " : "| ")) + "|\n";
    }

    private static string Codes(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => $"`{text}`"));
}

using StashAI.Hosting.Settings;

namespace StashAI.Server.Hosting;

/// <summary>Settings that belong together, as a section of the documentation.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Settings">In the order of the documentation.</param>
internal sealed record SettingSection(string Title, IReadOnlyList<SettingDefinition> Settings)
{
    /// <summary>What comes before the table, as Markdown.</summary>
    public string? Before { get; init; }

    /// <summary>What comes after the table, as Markdown.</summary>
    public string? After { get; init; }
}

using StashAI.Hosting.Settings;

namespace StashAI.Server.Hosting;

/// <summary>Related settings, as a section of the documentation.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Settings">In the order of the documentation.</param>
internal sealed record SettingSection(string Title, IReadOnlyList<SettingDefinition> Settings)
{
    /// <summary>The text before the table, as Markdown.</summary>
    public string? Before { get; init; }

    /// <summary>The text after the table, as Markdown.</summary>
    public string? After { get; init; }
}

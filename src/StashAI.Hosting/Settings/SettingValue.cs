namespace StashAI.Hosting.Settings;

/// <summary>The text that somebody gave a setting.</summary>
/// <param name="Text">Without spaces around it; never empty.</param>
/// <param name="Source">The flag or the variable that it came from.</param>
public sealed record SettingValue(string Text, string Source);

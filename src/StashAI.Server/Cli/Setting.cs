using StashAI.Server.Exits;

namespace StashAI.Server.Cli;

/// <summary>A value and the name a person knows it by: the flag or the variable that it came from.</summary>
internal readonly record struct Setting(string Value, string Source)
{
    public UsageException Refuse(string requirement) => new($"{Source} must be {requirement}, not '{Value}'.");
}

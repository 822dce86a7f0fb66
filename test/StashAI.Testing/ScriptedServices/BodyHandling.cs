namespace StashAI.Testing.ScriptedServices;

/// <summary>What the scripted service does with the bodies of calls.</summary>
public enum BodyHandling
{
    /// <summary>The whole body is kept in memory.</summary>
    Keep,

    /// <summary>The body is counted and hashed as it arrives; only its first 64 KB are kept.</summary>
    Hash,
}

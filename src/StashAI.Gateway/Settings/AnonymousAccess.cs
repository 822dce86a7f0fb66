namespace StashAI.Gateway.Settings;

/// <summary>Who may use the server while it has no API key (ALLOW_ANONYMOUS).</summary>
internal enum AnonymousAccess
{
    /// <summary>Programs on this machine only.</summary>
    Loopback,

    /// <summary>Everyone who reaches the addresses it listens on.</summary>
    Lan,
}

namespace StashAI.Gateway.Settings;

/// <summary>Who may use the server while it has no API key (ALLOW_ANONYMOUS).</summary>
internal enum AnonymousAccess
{
    /// <summary>Only programs on this machine.</summary>
    Loopback,

    /// <summary>Everyone who can reach the addresses that it listens on.</summary>
    Lan,
}

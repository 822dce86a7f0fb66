namespace StashAI.Gateway.Access;

/// <summary>How a server gets its first API key, as docs/dashboard.md and the dashboard have it too.</summary>
internal static class FirstKey
{
    private const string Create = "keys create --name me --scope admin";

    /// <summary>On the machine of the server.</summary>
    public const string Command = $"stashai {Create}";

    /// <summary>In a container that runs.</summary>
    public const string InContainer = $"docker compose exec stash-ai-server /app/{Command}";

    /// <summary>For a container that does not start without a key.</summary>
    public const string BeforeContainer = $"docker compose run --rm stash-ai-server {Create}";
}

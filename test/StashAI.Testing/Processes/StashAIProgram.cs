using System.Runtime.InteropServices;

namespace StashAI.Testing.Processes;

/// <summary>Finds the built server beside the test assembly.</summary>
internal static class StashAIProgram
{
    /// <summary>Variables that steer the product or its web server; tests say them themselves.</summary>
    public static IReadOnlyList<string> Variables { get; } =
    [
        "API_KEYS", "API_KEYS_FILE", "ALLOW_ANONYMOUS", "ALLOWED_HOSTS", "ALLOWED_UPSTREAMS", "ALLOWED_FETCH_HOSTS", "SECRETS_KEY",
        "SECRETS_KEY_FILE", "CORS_ORIGINS", "DATABASE_URL", "DATABASE_URL_FILE",
        "VISAGE_DATABASE", "VISAGE_DATABASE_FILE", "DATA_DIR", "DIRECT_MODE", "DIRECT_MAX_ITEMS", "LOG_LEVEL",
        "QUEUE_DB_PATH", "QUEUE_ENABLED", "STASHAI_CONFIG_DIR", "STASHAI_KEY", "STASHAI_URL",
        "STASH_API_KEY", "STASH_URL", "TRUST_LAN", "TRUSTED_PROXIES", "MAX_CONNECTIONS",
        "MIN_UPLOAD_BYTES_PER_SECOND", "MIN_UPLOAD_SECONDS", "VISAGE_API_URL", "WORKERS", "ASPNETCORE_ENVIRONMENT", "ASPNETCORE_HTTP_PORTS",
        "ASPNETCORE_URLS", "DOTNET_ENVIRONMENT", "DOTNET_URLS", "URLS",
    ];

    /// <summary>The runtime that runs this test.</summary>
    public static string DotnetRoot =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The words that start the server.</summary>
    public static IReadOnlyList<string> Command
    {
        get
        {
            var launcher = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "stashai.exe" : "stashai");
            var assembly = Path.Combine(AppContext.BaseDirectory, "stashai.dll");
            return File.Exists(launcher) ? [launcher]
                : File.Exists(assembly) ? [Path.Combine(DotnetRoot, "dotnet"), assembly]
                : throw new FileNotFoundException(
                    $"{launcher} is not there: the test project has to reference src/StashAI.Server.");
        }
    }
}

using StashAI.Hosting.Origins;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>
/// Under which names the service answers, and which pages may use it: the rules of the gateway, from the service's settings.
/// </summary>
internal static class WebRules
{
    private const string HostsSetting = "VISAGE_ALLOWED_HOSTS";
    private const string OriginsSetting = "VISAGE_CORS_ORIGINS";

    public static HostOriginRules Of(VisageOptions options) => new()
    {
        AllowedHosts = options.AllowedHosts,
        AllowedOrigins = options.AllowedOrigins,
        HostsSetting = HostsSetting,
        OriginsSetting = OriginsSetting,
        PathsWithoutHost = ["/health"],
    };
}

using StashAI.Hosting.Addresses;
using StashAI.Hosting.Origins;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>Under which names the service answers, and which pages may use it: the rules of the gateway, from the service's settings.</summary>
internal static class WebRules
{
    private const string HostsSetting = "VISAGE_ALLOWED_HOSTS";
    private const string OriginsSetting = "VISAGE_CORS_ORIGINS";

    /// <exception cref="ArgumentException">A name or an origin is not valid; the message names it and its setting.</exception>
    public static HostOriginRules Of(VisageOptions options)
    {
        try
        {
            return new HostOriginRules
            {
                AllowedHosts = HostNames.ParseList(string.Join(',', options.AllowedHosts), HostsSetting),
                AllowedOrigins = OriginPattern.ParseList(string.Join(',', options.AllowedOrigins), OriginsSetting),
                HostsSetting = HostsSetting,
                OriginsSetting = OriginsSetting,
                PathsWithoutHost = ["/health"],
            };
        }
        catch (FormatException error)
        {
            throw new ArgumentException(error.Message, error);
        }
    }
}

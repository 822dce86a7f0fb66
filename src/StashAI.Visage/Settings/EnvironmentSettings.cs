using System.Globalization;
using StashAI.Hosting.Bodies;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Connections;

namespace StashAI.Visage.Settings;

/// <summary>Reads <see cref="VisageOptions"/> from the variables <c>VISAGE_*</c>.</summary>
internal static class EnvironmentSettings
{
    public static VisageOptions Read(Func<string, string?> variable)
    {
        var defaults = new VisageOptions();
        return defaults with
        {
            Urls = Text("VISAGE_URLS") ?? defaults.Urls,
            DataDirectory = Text("VISAGE_DATA_DIR") ?? defaults.DataDirectory,
            ModelsDirectory = Text("VISAGE_MODELS_DIR") ?? defaults.ModelsDirectory,
            MaxConcurrency = (int)Number("VISAGE_MAX_CONCURRENCY", 1, 1024, defaults.MaxConcurrency),
            MaxQueued = (int)Number("VISAGE_MAX_QUEUED", 0, 100_000, defaults.MaxQueued),
            MaxBodyBytes = Number("VISAGE_MAX_BODY_BYTES", 1024, int.MaxValue, defaults.MaxBodyBytes),
            MaxPixels = Number("VISAGE_MAX_PIXELS", 1, 500_000_000, defaults.MaxPixels),
            AllowedHosts = Text("VISAGE_ALLOWED_HOSTS")?.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                ?? defaults.AllowedHosts,
            Provider = Text("VISAGE_PROVIDER")?.ToLowerInvariant() ?? defaults.Provider,
            AllowLan = Flag("VISAGE_ALLOW_LAN"),
            TrustedProxies = Proxies("VISAGE_TRUSTED_PROXIES"),
            MaxConnections = (int)Number("VISAGE_MAX_CONNECTIONS", 1, Math.Min(int.MaxValue, ConnectionLimit.Maximum(FileLimit.Read(), 0)), defaults.MaxConnections),
            UploadPace = new UploadPace(
                Number("VISAGE_MIN_UPLOAD_BYTES_PER_SECOND", 0, 1_000_000_000, defaults.UploadPace.BytesPerSecond),
                TimeSpan.FromSeconds(Number("VISAGE_MIN_UPLOAD_SECONDS", 1, 86_400, (long)defaults.UploadPace.Window.TotalSeconds))),
        };

        string? Text(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        long Number(string name, long minimum, long maximum, long fallback)
        {
            if (Text(name) is not { } text)
                return fallback;
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum
                ? value
                : throw new ArgumentException($"{name} is '{text}'; it must be a whole number from {minimum} to {maximum}.");
        }

        TrustedProxies Proxies(string name)
        {
            try
            {
                return TrustedProxies.Parse(Text(name), name);
            }
            catch (FormatException exception)
            {
                throw new ArgumentException(exception.Message, exception);
            }
        }

        bool Flag(string name) => Text(name)?.ToUpperInvariant() switch
        {
            null or "0" or "FALSE" or "NO" => false,
            "1" or "TRUE" or "YES" => true,
            var other => throw new ArgumentException($"{name} is '{other}'; it must be true or false."),
        };
    }
}

using StashAI.Hosting.Bodies;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Settings;
using StashAI.Server.Options;

namespace StashAI.Server.Hosting;

/// <summary>Limits for connections and slow clients.</summary>
internal sealed record ConnectionSettings(int MaxConnections, UploadPace Pace)
{
    /// <summary>How long a client may take to send the headers of a request.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be idle; longer than proxies keep theirs.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <param name="reader">The settings.</param>
    /// <param name="workers">The most concurrent calls to services.</param>
    /// <param name="fileLimit">The most open files of the process; null for no limit.</param>
    public static ConnectionSettings Read(SettingsReader reader, int workers, long? fileLimit)
    {
        var most = reader.Read(ServerSettings.MaxConnections, ConnectionForm.Within(fileLimit, workers));
        return new ConnectionSettings(
            most > 0 ? most : ConnectionLimit.Default(fileLimit, workers),
            new UploadPace(reader.Read(ServerSettings.MinUploadBytesPerSecond), reader.Read(ServerSettings.MinUploadWindow)));
    }
}

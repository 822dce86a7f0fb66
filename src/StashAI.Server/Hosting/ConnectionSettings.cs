using StashAI.Hosting.Bodies;
using StashAI.Hosting.Connections;
using StashAI.Hosting.Settings;
using StashAI.Server.Options;

namespace StashAI.Server.Hosting;

/// <summary>What connections and slow clients may cost.</summary>
internal sealed record ConnectionSettings(int MaxConnections, UploadPace Pace)
{
    /// <summary>What a client has to send the head of a request.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long a connection without a request is closed; longer than proxies keep theirs.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <param name="reader">The settings.</param>
    /// <param name="workers">Calls to services at once.</param>
    /// <param name="fileLimit">Files that the process may have open; null for no limit.</param>
    public static ConnectionSettings Read(SettingsReader reader, int workers, long? fileLimit)
    {
        var most = reader.Read(ServerSettings.MaxConnections, ConnectionForm.Within(fileLimit, workers));
        return new ConnectionSettings(
            most > 0 ? most : ConnectionLimit.Default(fileLimit, workers),
            new UploadPace(reader.Read(ServerSettings.MinUploadBytesPerSecond), reader.Read(ServerSettings.MinUploadWindow)));
    }
}

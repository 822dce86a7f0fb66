using System.Globalization;
using StashAI.Hosting.Bodies;
using StashAI.Hosting.Connections;

namespace StashAI.Server.Hosting;

/// <summary>What connections and slow clients may cost.</summary>
internal sealed record ConnectionSettings(int MaxConnections, UploadPace Pace)
{
    /// <summary>What a client has to send the head of a request.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long a connection without a request is closed; longer than proxies keep theirs.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is not valid; the message names it.</exception>
    public static ConnectionSettings From(IConfiguration configuration, int workers) => From(configuration, workers, FileLimit.Read());

    /// <param name="configuration">The settings.</param>
    /// <param name="workers">Calls to services at once.</param>
    /// <param name="fileLimit">Files that the process may have open; null for no limit.</param>
    internal static ConnectionSettings From(IConfiguration configuration, int workers, long? fileLimit)
    {
        var highest = Math.Min(int.MaxValue, ConnectionLimit.Maximum(fileLimit, workers));
        var files = fileLimit is null ? "" : $" (the process may have {fileLimit} files open)";
        var most = Read(configuration, ConnectionLimit.Setting, ConnectionLimit.Default(fileLimit, workers), 1, highest, files);
        var usual = UploadPace.Default;
        var rate = Read(configuration, UploadPace.Setting, usual.BytesPerSecond, 0, 1_000_000_000, ", or 0 for no limit");
        var seconds = Read(configuration, UploadPace.WindowSetting, (long)usual.Window.TotalSeconds, 1, 86_400, "");
        return new ConnectionSettings((int)most, new UploadPace(rate, TimeSpan.FromSeconds(seconds)));
    }

    private static long Read(IConfiguration configuration, string setting, long usual, long least, long most, string remark)
    {
        if (configuration[setting]?.Trim() is not { Length: > 0 } text) return usual;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new InvalidOperationException($"{setting} must be a whole number from {least} to {most}{remark}, but it is '{text}'.");
    }
}

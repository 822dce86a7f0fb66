using StashAI.Hosting.Files;
using StashAI.Hosting.Settings;

namespace StashAI.Server.Hosting;

/// <summary>What the composition tells an operator.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Information, "The queue is in {Database}")]
    public static partial void QueueOpened(ILogger logger, string database);

    /// <summary>Variables that mean nothing to this server.</summary>
    public static void TellAbout(ILogger logger, IConfiguration configuration)
    {
        if (!string.IsNullOrEmpty(configuration["PYTHONPATH"])) PythonPathIgnored(logger);
        foreach (var warning in UnknownVariables.Find(Environment.GetEnvironmentVariables().Keys.Cast<string>(), SettingsCatalog.Variables)) UnknownVariable(logger, warning);
    }

    /// <summary>What others on this machine may read or write, although it holds photos, faces or keys.</summary>
    public static void TellAboutFiles(ILogger logger, params IEnumerable<string?> paths)
    {
        foreach (var warning in PrivateFiles.Warnings(paths)) OpenToOthers(logger, warning);
    }

    [LoggerMessage(4, LogLevel.Information, "Stopping: no more work is taken, and running calls may end")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(5, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "{Warning}")]
    private static partial void UnknownVariable(ILogger logger, string warning);

    [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
    private static partial void OpenToOthers(ILogger logger, string warning);

    [LoggerMessage(2, LogLevel.Information, "PYTHONPATH is set; there is no Python here, and it changes nothing")]
    private static partial void PythonPathIgnored(ILogger logger);
}

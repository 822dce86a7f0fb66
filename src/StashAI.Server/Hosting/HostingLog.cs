using StashAI.Hosting.Files;
using StashAI.Hosting.Settings;

namespace StashAI.Server.Hosting;

/// <summary>The log messages of the host.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Information, "The queue is in {Database}")]
    public static partial void QueueOpened(ILogger logger, string database);

    /// <summary>Warns about environment variables that this server does not use.</summary>
    public static void WarnAboutVariables(ILogger logger, IConfiguration configuration)
    {
        if (!string.IsNullOrEmpty(configuration["PYTHONPATH"])) PythonPathIgnored(logger);
        foreach (var warning in UnknownVariables.Find(Environment.GetEnvironmentVariables().Keys.Cast<string>(), SettingsCatalog.Variables))
        {
            UnknownVariable(logger, warning);
        }
    }

    /// <summary>Warns about files with photos, faces or keys that other users of this machine can read or write.</summary>
    public static void WarnAboutFiles(ILogger logger, params IEnumerable<string?> paths)
    {
        foreach (var warning in PrivateFiles.Warnings(paths)) OpenToOthers(logger, warning);
    }

    [LoggerMessage(4, LogLevel.Information, "Stopping: accepting no more work, and waiting for running calls")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(5, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(6, LogLevel.Warning, "{Warning}")]
    private static partial void UnknownVariable(ILogger logger, string warning);

    [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
    private static partial void OpenToOthers(ILogger logger, string warning);

    [LoggerMessage(2, LogLevel.Information, "PYTHONPATH is set but not used: this server does not use Python")]
    private static partial void PythonPathIgnored(ILogger logger);
}

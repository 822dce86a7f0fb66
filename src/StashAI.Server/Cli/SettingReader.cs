using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Cli;

/// <summary>
/// Reads settings: the flag first, then the environment variables in the order given, then the default. A variable that
/// is set to nothing counts as not set; a flag that is given nothing is refused.
/// </summary>
internal sealed class SettingReader(ParseResult parse, Func<string, string?> environment)
{
    public Setting? Find(Option<string?>? flag, params ReadOnlySpan<string> variables)
    {
        if (flag is not null && parse.GetResult(flag) is { Implicit: false })
        {
            var value = parse.GetValue(flag)?.Trim();
            return string.IsNullOrEmpty(value)
                ? throw new UsageException($"{flag.Name} must have a value.")
                : new Setting(value, flag.Name);
        }
        foreach (var variable in variables)
        {
            if (environment(variable)?.Trim() is { Length: > 0 } value)
            {
                return new Setting(value, variable);
            }
        }
        return null;
    }

    /// <summary>A value without a flag; the parser has refused a command line without it.</summary>
    public string Argument(Argument<string> argument) => parse.GetValue(argument)!.Trim();

    public bool IsSet(Option<bool> flag) => parse.GetValue(flag);

    /// <summary>Addresses to listen on, separated by ';'.</summary>
    public IReadOnlyList<string> Urls(Option<string?> flag, string fallback)
    {
        if (Find(flag) is not { } setting)
        {
            return [fallback];
        }
        var urls = setting.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return urls.Length > 0 && Array.TrueForAll(urls, CanBind)
            ? urls
            : throw setting.Refuse("an address to listen on such as " + fallback);

        static bool CanBind(string url)
        {
            try
            {
                var address = BindingAddress.Parse(url);
                return address is { Scheme: "http", IsUnixPipe: true }
                    || address is { Scheme: "http", Port: >= 0 and <= 65535, PathBase: "" } && address.Host.Length > 0
                    && (address.Host is "*" or "+" || Uri.TryCreate(url, UriKind.Absolute, out _));
            }
            catch (FormatException)
            {
                return false;
            }
        }
    }

    public int Integer(Option<string?> flag, string? variable, int fallback, int min, int max)
    {
        if ((variable is null ? Find(flag) : Find(flag, variable)) is not { } setting)
        {
            return fallback;
        }
        return int.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max
            ? value
            : throw setting.Refuse($"a whole number from {min} to {max}");
    }

    /// <summary>True when the operator says that there is no such service.</summary>
    public bool IsNone(Option<string?> flag, params ReadOnlySpan<string> variables) => IsNone(Find(flag, variables));

    /// <summary>The address of a service; null when it is not given, or is `none`.</summary>
    public Uri? ServiceUrl(Option<string?> flag, params ReadOnlySpan<string> variables)
    {
        if (Find(flag, variables) is not { } setting || IsNone(setting))
        {
            return null;
        }
        return Uri.TryCreate(setting.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url is { Query: "", Fragment: "", UserInfo: "" }
            ? url
            : throw setting.Refuse("the http:// or https:// address of a service, without user, query or fragment, or none");
    }

    private static bool IsNone(Setting? setting) => "none".Equals(setting?.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>The absolute path of a folder to keep things in; it may not exist yet.</summary>
    public string Folder(Option<string?> flag, string? variable, string fallback)
    {
        var found = variable is null ? Find(flag) : Find(flag, variable);
        var setting = found ?? new Setting(fallback, flag.Name);
        var path = FullPath(setting);
        return File.Exists(path) ? throw setting.Refuse("a folder") : path;
    }

    /// <summary>The absolute path of a folder to read; null when it is not given.</summary>
    public string? ExistingFolder(Option<string?> flag)
    {
        if (Find(flag) is not { } setting)
        {
            return null;
        }
        var path = FullPath(setting);
        return Directory.Exists(path) ? path : throw setting.Refuse("a folder that exists");
    }

    /// <summary>The absolute path of a file that may not exist yet; null when it is not given.</summary>
    public string? DatabaseFile(string variable)
    {
        if (Find(null, variable) is not { } setting)
        {
            return null;
        }
        var path = FullPath(setting);
        return Directory.Exists(path) || Path.EndsInDirectorySeparator(setting.Value)
            ? throw setting.Refuse("a file")
            : path;
    }

    /// <summary>
    /// The database server of the flag, of DATABASE_URL, or of the file that DATABASE_URL_FILE names; null when none is given. What was
    /// given is never repeated, since it may hold a password.
    /// </summary>
    public DatabaseServer? DatabaseServer(Option<string?> flag)
    {
        if ((Find(flag, "DATABASE_URL") ?? FileContent("DATABASE_URL_FILE")) is not { } setting)
        {
            return null;
        }
        try
        {
            return new DatabaseServer(setting.Value);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{setting.Source} cannot be used: {e.Message}");
        }
    }

    /// <summary>What a file holds, such as a secret that a container gets; null when the variable is not set.</summary>
    private Setting? FileContent(string variable)
    {
        if (Find(null, variable) is not { } setting)
        {
            return null;
        }
        try
        {
            var content = File.ReadAllText(FullPath(setting)).Trim();
            return content.Length > 0 ? setting with { Value = content } : throw setting.Refuse("a file with a database URL in it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw setting.Refuse("a file that can be read");
        }
    }

    public LogLevel LogLevel(Option<string?> flag)
    {
        if (Find(flag, "LOG_LEVEL") is not { } setting)
        {
            return Microsoft.Extensions.Logging.LogLevel.Information;
        }
        return setting.Value.ToUpperInvariant() switch
        {
            "DEBUG" => Microsoft.Extensions.Logging.LogLevel.Debug,
            "INFO" => Microsoft.Extensions.Logging.LogLevel.Information,
            "WARNING" => Microsoft.Extensions.Logging.LogLevel.Warning,
            "ERROR" => Microsoft.Extensions.Logging.LogLevel.Error,
            _ => throw setting.Refuse("debug, info, warning or error"),
        };
    }

    private static string FullPath(Setting setting)
    {
        try
        {
            return Path.GetFullPath(setting.Value);
        }
        catch (Exception e) when (e is ArgumentException or PathTooLongException or NotSupportedException)
        {
            throw setting.Refuse("a path");
        }
    }
}

using Npgsql;

namespace StashAI.Storage.Postgres;

/// <summary>
/// Reads `postgres://user:password@host:port/database?name=value`, which Npgsql does not. Names and values are those of libpq;
/// what is not known is refused, since a misspelt `sslmode` would connect without encryption.
/// </summary>
public static class PostgresUrl
{
    private const string Shape = "postgres://user:password@host:port/database?sslmode=require";

    /// <summary>True when a setting names a PostgreSQL database and not a file.</summary>
    public static bool IsOne(string value) =>
        value.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || value.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where a database is, for messages: without user and password.</summary>
    public static string NameOf(NpgsqlConnectionStringBuilder settings) => $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";

    /// <summary>The connection settings that a URL stands for.</summary>
    /// <exception cref="FormatException">The URL cannot be read; the message says which part, and never holds the password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string url)
    {
        // A password with a bare '/', '?', '#' or '@' would make a host or a database name of its parts.
        if (!IsOne(url) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Fragment.Length > 0
            || uri.AbsolutePath.LastIndexOf('/') > 0 || uri.PathAndQuery.Contains('@', StringComparison.Ordinal))
        {
            throw new FormatException($"The database URL cannot be read: it must look like {Shape}, with special characters percent-encoded.");
        }

        var settings = new NpgsqlConnectionStringBuilder { Host = Uri.UnescapeDataString(uri.Host.Trim('[', ']')), Port = uri.IsDefaultPort ? 5432 : uri.Port };
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) settings.Password = Uri.UnescapeDataString(user[1]);
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (database.Length > 0) settings.Database = database;
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            Set(settings, Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }

        if (string.IsNullOrEmpty(settings.Host)) throw new FormatException($"The database URL names no host: it must look like {Shape}.");
        return settings;
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "sslmode": settings.SslMode = ReadSslMode(value); break;
            case "sslrootcert": settings.RootCertificate = value; break;
            case "sslcert": settings.SslCertificate = value; break;
            case "sslkey": settings.SslKey = value; break;
            case "sslpassword": settings.SslPassword = value; break;
            case "application_name": settings.ApplicationName = value; break;
            case "connect_timeout": settings.Timeout = ReadSeconds(name, value); break;
            case "host": settings.Host = value; break;
            case "user": settings.Username = value; break;
            case "password": settings.Password = value; break;
            case "dbname": settings.Database = value; break;
            case "options": settings.Options = value; break;
            default:
                throw new FormatException(
                    $"The database URL has the parameter '{name}', which is not known. Known are sslmode, sslrootcert, sslcert, sslkey, "
                    + "sslpassword, application_name, connect_timeout, host, user, password, dbname and options.");
        }
    }

    private static SslMode ReadSslMode(string value) => value switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw new FormatException(
            $"The database URL has sslmode={value}; it must be disable, allow, prefer, require, verify-ca or verify-full."),
    };

    private static int ReadSeconds(string name, string value) =>
        int.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds <= 1024
            ? seconds
            : throw new FormatException($"The database URL has {name}={value}; it must be a whole number of seconds up to 1024.");
}

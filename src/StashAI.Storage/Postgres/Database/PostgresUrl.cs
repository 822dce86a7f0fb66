using System.Data.Common;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>
/// Parses database URLs in all forms that hosters use: <c>postgres://user:password@host:port/database?name=value</c>,
/// <c>host=... dbname=...</c> and <c>Server=...;Database=...</c>. Unknown parameters are refused, because a misspelt <c>sslmode</c> would
/// connect without encryption.
/// </summary>
public static partial class PostgresUrl
{
    internal const string Shape = "postgres://user:password@host:port/database?sslmode=require";

    /// <summary>True when a setting names a PostgreSQL database rather than a file.</summary>
    public static bool IsPostgres(string value) =>
        value.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || value.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The database's address for messages, without user and password.</summary>
    public static string NameOf(NpgsqlConnectionStringBuilder settings)
    {
        var isList = settings.Host?.Contains(',', StringComparison.Ordinal) ?? false;
        return $"{settings.Host}{(isList ? "" : $":{settings.Port}")}/{settings.Database ?? settings.Username}";
    }

    /// <summary>Parses a URL to connection settings.</summary>
    /// <exception cref="FormatException">The URL cannot be read; the message says which part, and never contains the password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string url) => Read(url).Connection;

    /// <inheritdoc cref="Parse"/>
    internal static PostgresAddress Read(string url)
    {
        if (IsPostgres(url)) return PostgresParameters.Read(SplitUrl(url));
        if (OtherScheme().Match(url) is { Success: true } other)
            throw new FormatException($"The database URL begins with '{other.Groups[1].Value}'; write postgres:// instead: {Shape}.");
        var first = FirstPair().Match(url);
        if (!first.Success) throw Unreadable();
        return PostgresParameters.Read(
            first.Groups[1].Value.Contains(' ', StringComparison.Ordinal) || first.Groups[2].Length > 0 ? SplitList(url) : SplitWords(url));
    }

    private static FormatException Unreadable(string? what = null) =>
        new($"The database URL cannot be read{what}: it must look like {Shape}, with special characters percent-encoded.");

    /// <summary>Splits a URL into parts with libpq's names. The query takes precedence over the parts before it.</summary>
    private static List<(string Name, string Value)> SplitUrl(string url)
    {
        var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var main = query < 0 ? rest : rest[..query];
        var slash = main.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? main : main[..slash];
        var path = slash < 0 ? "" : main[(slash + 1)..];
        var at = authority.IndexOf('@', StringComparison.Ordinal);
        // An unencoded '/', '?', '#' or '@' in the password would turn part of it into a host or database name.
        if (rest.Contains('#', StringComparison.Ordinal) || path.Contains('/', StringComparison.Ordinal)
            || rest[(at + 1)..].Contains('@', StringComparison.Ordinal))
        {
            throw Unreadable();
        }

        var parts = new List<(string, string)>();
        if (at >= 0)
        {
            var user = authority[..at].Split(':', 2);
            if (user[0].Length > 0) parts.Add(("user", Decode(user[0])));
            if (user.Length > 1) parts.Add(("password", Decode(user[1])));
        }

        AddHosts(parts, authority[(at + 1)..]);
        if (path.Length > 0) parts.Add(("dbname", Decode(path)));
        if (query < 0) return parts;
        var given = new List<(string Name, string Value)>();
        foreach (var pair in rest[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var sides = pair.Split('=', 2);
            given.Add((Decode(sides[0]), sides.Length > 1 ? Decode(sides[1]) : ""));
        }

        parts.RemoveAll(part => given.Exists(one => one.Name == part.Item1 || (part.Item1, one.Name) is ("port", "host")));
        return [.. parts, .. given];
    }

    private static void AddHosts(List<(string Name, string Value)> parts, string text)
    {
        var hosts = new List<string>();
        var ports = new List<string>();
        foreach (var one in text.Split(','))
        {
            var port = one.LastIndexOf(':');
            if (port >= 0 && port < one.LastIndexOf(']')) port = -1;
            var host = port < 0 ? one : one[..port];
            if (host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('['))
                throw Unreadable(" (write an IPv6 address in brackets, as in [::1]:5432)");
            hosts.Add(Decode(host));
            ports.Add(port < 0 ? "" : one[(port + 1)..]);
        }

        if (hosts.TrueForAll(host => host.Length == 0)) return;
        parts.Add(("host", string.Join(',', hosts)));
        if (ports.Exists(port => port.Length > 0)) parts.Add(("port", string.Join(',', ports)));
    }

    private static string Decode(string text)
    {
        if (BadPercent().IsMatch(text)) throw Unreadable(" ('%' must be followed by two hexadecimal digits; write a literal '%' as %25)");
        return Uri.UnescapeDataString(text);
    }

    /// <summary>Splits <c>Name=value;Name=value</c>, the form of ADO.NET.</summary>
    private static List<(string Name, string Value)> SplitList(string text)
    {
        try
        {
            var list = new DbConnectionStringBuilder { ConnectionString = text };
            return [.. list.Keys.Cast<string>().Select(name => (PostgresParameters.NameOfList(name), list[name].ToString() ?? ""))];
        }
        catch (ArgumentException)
        {
            throw Unreadable();
        }
    }

    /// <summary>Splits <c>name=value name='a value'</c>, the form of libpq.</summary>
    private static List<(string Name, string Value)> SplitWords(string text)
    {
        var parts = new List<(string, string)>();
        var position = 0;
        while (Word().Match(text, position) is { Success: true } word)
        {
            position += word.Length;
            var value = new StringBuilder();
            var isQuoted = position < text.Length && text[position] == '\'';
            if (isQuoted) position++;
            for (; position < text.Length && (isQuoted ? text[position] != '\'' : !char.IsWhiteSpace(text[position])); position++)
            {
                if (text[position] == '\\' && position + 1 < text.Length) position++;
                value.Append(text[position]);
            }

            if (isQuoted && position++ >= text.Length) throw Unreadable(" (a quote is not closed)");
            parts.Add((word.Groups[1].Value, value.ToString()));
        }

        return string.IsNullOrWhiteSpace(text[position..]) ? parts : throw Unreadable(" (put a value with spaces into single quotes)");
    }

    [GeneratedRegex("^(jdbc:(postgres(ql)?://)?|postgres(ql)?\\+[a-z0-9]+://)", RegexOptions.IgnoreCase)]
    private static partial Regex OtherScheme();

    [GeneratedRegex(@"^\s*([A-Za-z_][A-Za-z_ ]*?)\s*=\s*[^\s;]*(;?)")]
    private static partial Regex FirstPair();

    [GeneratedRegex(@"\G\s*([A-Za-z_]+)\s*=\s*")]
    private static partial Regex Word();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BadPercent();
}

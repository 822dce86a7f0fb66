using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using StashAI.Streams.Files;

namespace StashAI.Storage.Postgres.Database;

/// <summary>
/// The parameters of a database URL: libpq's, and those that hosters and other clients add. Parameters without an effect are logged;
/// unsupported and unknown ones are refused by name.
/// </summary>
internal sealed partial class PostgresParameters
{
    // Other clients' names for the same parameters.
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["server"] = "host",
        ["data source"] = "host",
        ["username"] = "user",
        ["user id"] = "user",
        ["userid"] = "user",
        ["uid"] = "user",
        ["pwd"] = "password",
        ["database"] = "dbname",
        ["initial catalog"] = "dbname",
        ["ssl mode"] = "sslmode",
        ["root certificate"] = "sslrootcert",
        ["timeout"] = "connect_timeout",
        ["channel binding"] = "channel_binding",
        ["application name"] = "application_name",
        ["applicationname"] = "application_name",
        ["search path"] = "search_path",
        ["currentschema"] = "search_path",
        ["maximum pool size"] = "connection_limit",
        ["max pool size"] = "connection_limit",
        ["maxpoolsize"] = "connection_limit",
        ["pool_max_conns"] = "connection_limit",
        ["target session attributes"] = "target_session_attrs",
        ["trust server certificate"] = "trustservercertificate",
        ["pooling"] = "pooling",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, Action<PostgresParameters, string>> Known =
        new Dictionary<string, Action<PostgresParameters, string>>
        {
            ["host"] = (p, v) => p.hosts = v.Split(','),
            ["port"] = (p, v) => p.ports = v.Split(','),
            ["user"] = (p, v) => p.connection.Username = v,
            ["password"] = (p, v) => p.connection.Password = Placeholder().IsMatch(v)
                ? throw p.Refuse("the password is still the hoster's placeholder: replace it with your password")
                : v,
            ["dbname"] = (p, v) => p.connection.Database = v.Length > 0 ? v : null,
            ["passfile"] = (p, v) => p.connection.Passfile = p.ReadableFile(v),
            ["sslmode"] = (p, v) => p.connection.SslMode = SslModeOf(p, v),
            ["ssl"] = (p, v) => p.isSsl = p.Boolean(v, "no-verify"),
            ["sslaccept"] = (p, v) => p.isStrict = p.Choice(v, "accept_invalid_certs", "strict") == 1,
            ["sslrootcert"] = (p, v) => p.rootCertificate = v == "system" ? v : p.ReadableFile(v),
            ["sslcert"] = (p, v) => p.connection.SslCertificate = p.ReadableFile(v),
            ["sslkey"] = (p, v) => p.connection.SslKey = p.ReadableFile(v),
            ["sslpassword"] = (p, v) => p.connection.SslPassword = v,
            ["sslnegotiation"] = (p, v) => p.connection.SslNegotiation = p.Choice(v, "postgres", "direct") == 0
                ? SslNegotiation.Postgres
                : SslNegotiation.Direct,
            ["channel_binding"] = (p, v) => p.connection.ChannelBinding = p.Choice(v, "disable", "prefer", "require") switch
            {
                0 => ChannelBinding.Disable,
                1 => ChannelBinding.Prefer,
                _ => ChannelBinding.Require,
            },
            ["gssencmode"] = (p, v) => p.connection.GssEncryptionMode = p.Choice(v, "disable", "prefer", "require") switch
            {
                0 => GssEncryptionMode.Disable,
                1 => GssEncryptionMode.Prefer,
                _ => GssEncryptionMode.Require,
            },
            ["krbsrvname"] = (p, v) => p.connection.KerberosServiceName = v,
            ["require_auth"] = (p, v) => p.connection.RequireAuth = v,
            ["application_name"] = (p, v) => p.connection.ApplicationName = v,
            ["fallback_application_name"] = (p, v) => p.connection.ApplicationName ??= v,
            ["connect_timeout"] = (p, v) => p.connection.Timeout = p.Number(v, 1024, "a whole number of seconds up to 1024"),
            ["keepalives"] = (p, v) => p.connection.TcpKeepAlive = p.Number(v, 1, "0 or 1") == 1,
            ["keepalives_idle"] = (p, v) => p.KeepAlive().TcpKeepAliveTime = p.Number(v, 86400, "a whole number of seconds"),
            ["keepalives_interval"] = (p, v) => p.KeepAlive().TcpKeepAliveInterval = p.Number(v, 86400, "a whole number of seconds"),
            ["load_balance_hosts"] = (p, v) => p.isBalanced = p.Choice(v, "disable", "random") == 1,
            // A queue writes, so it always uses the host that accepts writes.
            ["target_session_attrs"] = (p, v) => p.Choice(v, "any", "read-write", "primary", "prefer-primary"),
            ["client_encoding"] = (p, v) => p.Choice(v.Replace("-", "", StringComparison.Ordinal), "utf8", "auto", "unicode"),
            ["options"] = (p, v) => p.ReadOptions(v),
            ["search_path"] = (p, v) => p.settings.Add(("search_path", p.NonEmpty(v))),
            ["schema"] = (p, v) => p.settings.Add(("search_path", $"\"{p.NonEmpty(v).Replace("\"", "\"\"", StringComparison.Ordinal)}\"")),
            ["pgbouncer"] = (p, v) => p.hasTransactionPooling |= p.Boolean(v),
            ["pool_mode"] = (p, v) => p.hasTransactionPooling |= p.Choice(v, "session", "transaction") == 1,
            ["preparethreshold"] = (p, v) => p.hasTransactionPooling |= p.Number(v, int.MaxValue, "a whole number") == 0,
            ["statement_cache_size"] = (p, v) => p.hasTransactionPooling |= p.Number(v, int.MaxValue, "a whole number") == 0,
            ["prepared_statement_cache_size"] = (p, v) => p.hasTransactionPooling |= p.Number(v, int.MaxValue, "a whole number") == 0,
            ["prepare"] = (p, v) => p.hasTransactionPooling |= !p.Boolean(v),
            ["connection_limit"] = (p, v) => p.maxConnections = Math.Max(1, p.Number(v, 10_000, "a whole number up to 10000")),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // These request what is always the case, or do not concern this client.
    private static readonly FrozenSet<string> WithoutEffect = new HashSet<string>
    {
        "keepalives_count", "tcp_user_timeout", "pool_timeout", "pool_size", "pool_min_conns", "pool_max_conn_lifetime",
        "pool_max_conn_idle_time", "max_idle_connection_lifetime", "minimum pool size", "sslsni", "sslcompression", "sslcertmode",
        "uselibpqcompat", "supa", "workaround", "binary_parameters", "socket_timeout", "sockettimeout", "loginretries", "tcpkeepalive",
        "trustservercertificate", "pooling", "include error detail", "persist security info", "serverversion", "charset",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Impossible = new Dictionary<string, string>
    {
        ["hostaddr"] = "write the address as the host",
        ["service"] = "service files are not read: write host, user and database",
        ["servicefile"] = "service files are not read: write host, user and database",
        ["sslcrl"] = "lists of revoked certificates are not read: leave it out",
        ["sslcrldir"] = "lists of revoked certificates are not read: leave it out",
        ["ssl_min_protocol_version"] = "the lowest TLS version is set by this machine: leave it out",
        ["ssl_max_protocol_version"] = "the highest TLS version is set by this machine: leave it out",
        ["requirepeer"] = "the user who runs a socket's server is not checked: leave it out",
        ["replication"] = "the queue does not replicate: leave it out",
        ["read_only"] = "the queue writes: leave it out",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly NpgsqlConnectionStringBuilder connection = [];
    private readonly List<(string Name, string Value)> settings = [];
    private readonly HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
    private string name = "";
    private string[] hosts = [];
    private string[] ports = [];
    private string? rootCertificate;
    private bool? isSsl;
    private bool? isStrict;
    private bool hasTransactionPooling;
    private bool isBalanced;
    private int? maxConnections;

    /// <summary>Normalizes the name of an ADO.NET parameter: <c>Ssl Mode</c> becomes sslmode.</summary>
    public static string NameOfList(string name) =>
        Aliases.ContainsKey(name) || WithoutEffect.Contains(name) ? name : name.Replace(" ", "", StringComparison.Ordinal);

    /// <exception cref="FormatException">A parameter cannot be used; the message names it.</exception>
    public static PostgresAddress Read(IReadOnlyList<(string Name, string Value)> parts)
    {
        var reader = new PostgresParameters();
        var unused = new List<string>();
        // An application's own name takes precedence over a library's.
        foreach (var (given, value) in parts.OrderBy(part => part.Name == "fallback_application_name"))
        {
            var name = Aliases.GetValueOrDefault(given, given);
            reader.name = given;
            if (value.Any(char.IsControl)) throw reader.Refuse("its value has a control character; remove it");
            if (!reader.seen.Add(name)) throw new FormatException($"The database URL has the parameter '{given}' twice: leave one out.");
            if (Known.TryGetValue(name, out var read))
            {
                read(reader, value);
            }
            else if (WithoutEffect.Contains(name))
            {
                unused.Add(given);
            }
            else if (Impossible.TryGetValue(name, out var why))
            {
                throw reader.Refuse(why);
            }
            else
            {
                throw new FormatException(
                    $"The database URL has the parameter '{given}', which is not known.{Suggest(given)} Correct it, or leave it out.");
            }
        }

        return reader.Finish(unused);
    }

    private PostgresAddress Finish(List<string> unused)
    {
        if (hosts.Length == 0 || hosts.All(host => host.Length == 0))
        {
            throw new FormatException($"The database URL names no host: it must look like {PostgresUrl.Shape}.");
        }

        if (hosts.Any(host => host.Length == 0)) throw new FormatException("The database URL cannot be read: one of its hosts is empty.");
        if (ports.Length > 1 && ports.Length != hosts.Length)
        {
            throw new FormatException($"The database URL has {hosts.Length} hosts and {ports.Length} ports: give each host its port.");
        }

        var both = hosts.Select(
            (host, i) => (Host: host, Port: PortOf(ports.Length switch { 0 => "", 1 => ports[0], _ => ports[i] }))).ToList();
        connection.Host = both is [var (host, port)]
            ? host.Trim('[', ']')
            : string.Join(',', both.Select(one => $"{Bracketed(one.Host)}:{one.Port}"));
        if (both.Count == 1) connection.Port = both[0].Port;
        else if (isBalanced) connection.LoadBalanceHosts = true;
        // In other clients, `ssl=true` requests TLS and says nothing about certificates.
        if (isSsl is { } wanted && !seen.Contains("sslmode")) connection.SslMode = wanted ? SslMode.Require : SslMode.Disable;
        if (isStrict is true && connection.SslMode is SslMode.Require or SslMode.Prefer) connection.SslMode = SslMode.VerifyFull;
        // libpq's name for the machine's trusted certificates; it implies verify-full.
        if (rootCertificate == "system") connection.SslMode = SslMode.VerifyFull;
        else if (rootCertificate is not null) connection.RootCertificate = rootCertificate;
        return new PostgresAddress(connection)
        {
            Settings = settings,
            HasTransactionPooling = hasTransactionPooling,
            MaxConnections = maxConnections,
            Unused = unused,
        };
    }

    private static string Bracketed(string host) =>
        host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') && !host.StartsWith('/') ? $"[{host}]" : host;

    private static int PortOf(string text) => text.Length == 0
        ? 5432
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : throw new FormatException(
                "The database URL cannot be read: a port is a number from 1 to 65535. "
                + $"It must look like {PostgresUrl.Shape}, with special characters percent-encoded.");

    /// <summary>
    /// <c>-c name=value</c> becomes a setting of the session, which poolers accept; the rest is for the hoster, like Neon's
    /// <c>endpoint=...</c>.
    /// </summary>
    private void ReadOptions(string text)
    {
        var words = Option().Matches(text)
            .Select(word => word.Value.Replace("\\ ", " ", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal))
            .ToList();
        var others = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i] == "-c" && i + 1 < words.Count ? "-c" + words[++i] : words[i];
            if (Setting().Match(word) is { Success: true } match)
            {
                var setting = match.Groups[1].Value.Replace('-', '_');
                if (PostgresDatabase.IsOwn(setting)) throw Refuse($"'{setting}' in it is set by this program: leave it out");
                settings.Add((setting, match.Groups[2].Value));
            }
            else
            {
                others.Add(words[i]);
            }
        }

        if (others.Count > 0) connection.Options = string.Join(' ', others);
    }

    private static SslMode SslModeOf(PostgresParameters reader, string value) =>
        value.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal) switch
        {
            "DISABLE" => SslMode.Disable,
            "ALLOW" => SslMode.Allow,
            "PREFER" => SslMode.Prefer,
            "REQUIRE" or "NOVERIFY" => SslMode.Require,
            "VERIFYCA" => SslMode.VerifyCA,
            "VERIFYFULL" => SslMode.VerifyFull,
            _ => throw reader.Invalid(value, "disable, allow, prefer, require, verify-ca or verify-full"),
        };

    private NpgsqlConnectionStringBuilder KeepAlive()
    {
        if (!seen.Contains("keepalives")) connection.TcpKeepAlive = true;
        return connection;
    }

    private int Choice(string value, params string[] choices)
    {
        var index = Array.FindIndex(choices, choice => choice.Equals(value, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : throw Invalid(value, string.Join(" or ", choices));
    }

    private bool Boolean(string value, string? alsoTrue = null) => value.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "ON" or "YES" or "" => true,
        "FALSE" or "0" or "OFF" or "NO" => false,
        _ => value == alsoTrue ? true : throw Invalid(value, "true or false"),
    };

    private int Number(string value, int most, string what) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw Invalid(value, what);

    /// <summary>A pipe would block the first connection for ever; a missing file is reported when it is needed.</summary>
    private string ReadableFile(string path) =>
        Path.Exists(path) && RegularFile.ReasonToRefuse(path) is { } reason
            ? throw Refuse($"the file {path} {reason}: name another")
            : path;

    private string NonEmpty(string value) => value.Trim().Length > 0 ? value : throw Invalid(value, "the name of a schema");

    private FormatException Invalid(string value, string what) => new($"The database URL has {name}={value}; it must be {what}.");

    private FormatException Refuse(string why) => new($"The database URL has the parameter '{name}': {why}.");

    private static string Suggest(string name)
    {
        var best = Known.Keys.Concat(Aliases.Keys).MinBy(known => Distance(name, known))!;
        return Distance(name, best) <= Math.Max(1, name.Length / 3) ? $" Did you mean '{best}'?" : "";
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var corner = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = corner + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                corner = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    // Placeholders for the password that Supabase, Azure and others print.
    [GeneratedRegex(@"^([\[{<(].*(password|passwd|secret).*[\]}>)]|\*+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?:\\.|\S)+")]
    private static partial Regex Option();

    [GeneratedRegex(@"^(?:-c|--)([A-Za-z_][A-Za-z0-9_.-]*)=(.*)$", RegexOptions.Singleline)]
    private static partial Regex Setting();
}

using Npgsql;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Tests.Postgres;

public sealed class PostgresUrlTests
{
    [Fact]
    public void A_full_url_gives_every_part()
    {
        var settings = PostgresUrl.Parse(
            "postgres://ann:s%40crets%2F1@db.example:6543/queue?sslmode=verify-full&application_name=a%20b&connect_timeout=7");

        Assert.Equal(
            ("db.example", 6543, "ann", "s@crets/1", "queue"),
            (settings.Host, settings.Port, settings.Username, settings.Password, settings.Database));
        Assert.Equal((SslMode.VerifyFull, "a b", 7), (settings.SslMode, settings.ApplicationName, settings.Timeout));
    }

    [Theory]
    [InlineData("postgres://localhost", "localhost", 5432, null, null)]
    [InlineData("postgresql://me@localhost/", "localhost", 5432, "me", null)]
    [InlineData("postgres://me@[::1]:5433/db", "::1", 5433, "me", "db")]
    [InlineData("POSTGRES://127.0.0.1/my%20db", "127.0.0.1", 5432, null, "my db")]
    [InlineData("postgres://me@ignored/db?host=%2Fvar%2Frun%2Fpostgresql", "/var/run/postgresql", 5432, "me", "db")]
    public void What_is_left_out_has_its_default(string url, string host, int port, string? user, string? database)
    {
        var settings = PostgresUrl.Parse(url);

        Assert.Equal((host, port, user, database), (settings.Host, settings.Port, settings.Username, settings.Database));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("allow", SslMode.Allow)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void Every_sslmode_is_understood(string word, SslMode mode) =>
        Assert.Equal(mode, PostgresUrl.Parse($"postgres://localhost/db?sslmode={word}").SslMode);

    [Theory]
    [InlineData("postgres://me:pw@localhost/db?ssl_mode=require", "'ssl_mode'")]
    [InlineData("postgres://me:pw@localhost/db?sslmode=on", "sslmode=on")]
    [InlineData("postgres://me:pw@localhost/db?connect_timeout=soon", "connect_timeout=soon")]
    [InlineData("postgres://me:pw@localhost:port/db", "cannot be read")]
    [InlineData("postgres:///db", "host")]
    [InlineData("postgres://me:1/pw@localhost/db", "percent-encoded")]
    [InlineData("postgres://me:1#pw@localhost/db", "percent-encoded")]
    [InlineData("postgres://me:1?pw@localhost/db", "percent-encoded")]
    [InlineData("postgres://me:1@pw@localhost/db", "percent-encoded")]
    [InlineData("postgres://me:pw@::1/db", "brackets")]
    [InlineData("postgres://me:pw%zz@localhost/db", "%25")]
    [InlineData("postgres://me:pw@one,/db", "empty")]
    [InlineData("postgres://me:pw@one:0/db", "cannot be read")]
    [InlineData("postgres://me:[YOUR-PASSWORD]@localhost/db", "placeholder")]
    [InlineData("host=localhost password={your_password}", "placeholder")]
    [InlineData("jdbc:postgresql://localhost/db?password=pw", "'jdbc:postgresql://'")]
    [InlineData("postgresql+asyncpg://me:pw@localhost/db", "'postgresql+asyncpg://'")]
    [InlineData("host=localhost password=p w dbname=db", "single quotes")]
    [InlineData("host=localhost password='pw", "quote is not closed")]
    [InlineData("host=one,two port=1,2,3 password=pw", "2 hosts and 3 ports")]
    [InlineData("Server=localhost;Passwort=pw", "'passwort'")]
    [InlineData("/data/queue.db", "must look like")]
    [InlineData("postgres://me:pw@localhost/db?sslmode=require&sslmode=disable", "twice")]
    [InlineData("postgres://me:pw@localhost/db?channelbinding=require", "Did you mean 'channel_binding'? Correct it, or leave it out")]
    [InlineData("postgres://me:pw@localhost/db?wholly_else=1", "leave it out")]
    [InlineData("postgres://me:pw@localhost/db?sslcrl=x", "leave it out")]
    [InlineData("postgres://me:pw@localhost/db?target_session_attrs=standby", "target_session_attrs=standby")]
    [InlineData("postgres://me:pw@localhost/db?client_encoding=LATIN1", "client_encoding=LATIN1")]
    [InlineData("postgres://me:pw@localhost/db?options=-c%20statement_timeout%3D5s", "'statement_timeout'")]
    [InlineData("postgres://me:pw@localhost/db?search_path=", "the name of a schema")]
    public void What_cannot_be_read_is_refused_without_the_password(string url, string expected)
    {
        var error = Assert.Throws<FormatException>(() => PostgresUrl.Parse(url));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pw", error.Message, StringComparison.Ordinal);
    }

    // As the consoles of these hosters print them.
    [Theory]
    [InlineData(
        "postgresql://o:p%40@ep-a-b-123-pooler.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require",
        "ep-a-b-123-pooler.eu-central-1.aws.neon.tech:5432/neondb", "o", "p@")]
    [InlineData("postgres://o:p%40@ep-a.neon.tech/neondb?sslmode=require&options=endpoint%3Dep-a", "ep-a.neon.tech:5432/neondb", "o", "p@")]
    [InlineData(
        "postgresql://postgres.ref:p%40@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1",
        "aws-0-eu-central-1.pooler.supabase.com:6543/postgres", "postgres.ref", "p@")]
    [InlineData(
        "postgres://postgres.ref:p%40@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?sslmode=require&supa=base-pooler.x",
        "aws-0-eu-central-1.pooler.supabase.com:6543/postgres", "postgres.ref", "p@")]
    [InlineData(
        "postgres://admin:p%40@q.abc.eu-west-1.rds.amazonaws.com:5432/queue?sslmode=verify-full&sslrootcert=%2Fcerts%2Fglobal-bundle.pem",
        "q.abc.eu-west-1.rds.amazonaws.com:5432/queue", "admin", "p@")]
    [InlineData(
        "postgres://me%40srv:p%40@srv.postgres.database.azure.com/postgres?sslmode=require",
        "srv.postgres.database.azure.com:5432/postgres", "me@srv", "p@")]
    [InlineData(
        "host=srv.postgres.database.azure.com port=5432 dbname=postgres user=me@srv password=p@ sslmode=require",
        "srv.postgres.database.azure.com:5432/postgres", "me@srv", "p@")]
    [InlineData(
        "Server=srv.postgres.database.azure.com;Database=postgres;Port=5432;User Id=me@srv;Password=p@;Ssl Mode=VerifyFull;",
        "srv.postgres.database.azure.com:5432/postgres", "me@srv", "p@")]
    [InlineData(
        "postgres://u1:p%40@ec2-1-2-3-4.eu-west-1.compute.amazonaws.com:5432/d1", "ec2-1-2-3-4.eu-west-1.compute.amazonaws.com:5432/d1",
        "u1", "p@")]
    [InlineData("postgres://u:p%40@h1:5432,h2:5433/db?target_session_attrs=primary", "h1:5432,h2:5433/db", "u", "p@")]
    [InlineData("postgres://u:p%40@h1,[::1]:5433/db", "h1:5432,[::1]:5433/db", "u", "p@")]
    [InlineData("host=h1,h2 port=5433 user=u password='p@' dbname=db target_session_attrs=read-write", "h1:5433,h2:5433/db", "u", "p@")]
    [InlineData(
        "user=u password=p\\@ host = /cloudsql/project:region:instance dbname = db", "/cloudsql/project:region:instance:5432/db", "u",
        "p@")]
    [InlineData("postgres://u:p%40@/db?host=/var/run/postgresql&port=5433", "/var/run/postgresql:5433/db", "u", "p@")]
    public void What_hosters_print_is_understood(string url, string name, string user, string password)
    {
        var settings = PostgresUrl.Parse(url);

        Assert.Equal((name, user, password), (PostgresUrl.NameOf(settings), settings.Username, settings.Password));
    }

    [Fact]
    public void Parameters_mean_what_they_say()
    {
        var neon = PostgresUrl.Read(
            "postgres://h/d?channel_binding=require&sslnegotiation=direct&sslmode=require&gssencmode=disable&options=endpoint%3Dep-a%20-c%20search_path%3Da");
        Assert.Equal(
            (ChannelBinding.Require, SslNegotiation.Direct, GssEncryptionMode.Disable, "endpoint=ep-a"),
            (neon.Connection.ChannelBinding, neon.Connection.SslNegotiation, neon.Connection.GssEncryptionMode, neon.Connection.Options));
        Assert.Equal([("search_path", "a")], neon.Settings);
        var supabase = PostgresUrl.Read("postgres://h/d?pgbouncer=true&connection_limit=5&pool_timeout=10&schema=My%20Queue");
        Assert.Equal((true, 5, "pool_timeout"), (supabase.HasTransactionPooling, supabase.MaxConnections, Assert.Single(supabase.Unused)));
        Assert.Equal([("search_path", "\"My Queue\"")], supabase.Settings);
        Assert.Equal([("search_path", "a,b")], PostgresUrl.Read("postgres://h/d?currentSchema=a,b").Settings);
        var options = PostgresUrl.Read(@"postgres://h/d?options=-csearch_path%3Da\%20b%20--work-mem%3D64MB").Settings;
        Assert.Equal([("search_path", "a b"), ("work_mem", "64MB")], options);
        var alive = PostgresUrl.Parse("postgres://h/d?keepalives=1&keepalives_idle=30&keepalives_interval=5&connect_timeout=10&ssl=true");
        Assert.Equal(
            (true, 30, 5, SslMode.Require), (alive.TcpKeepAlive, alive.TcpKeepAliveTime, alive.TcpKeepAliveInterval, alive.SslMode));
        Assert.Equal(SslMode.Require, PostgresUrl.Parse("postgres://h/d?sslmode=no-verify").SslMode);
        Assert.Equal(
            (SslMode.VerifyFull, null),
            (
                PostgresUrl.Parse("postgres://h/d?sslrootcert=system").SslMode,
                PostgresUrl.Parse("postgres://h/d?sslrootcert=system").RootCertificate));
        Assert.True(PostgresUrl.Read("postgres://h/d?prepare=false").HasTransactionPooling);
        Assert.False(PostgresUrl.Read("postgres://h/d?pgbouncer=false&prepareThreshold=5").HasTransactionPooling);
    }

    [Fact]
    public void Generated_parts_come_back_from_every_form()
    {
        var random = new Random(26);
        const string Letters = "abcXYZ019 .-_~!$&'()*+,;=:@/?#[]%\"\\{}<>|^`äß日😀";
        for (var i = 0; i < 2000; i++)
        {
            string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 12))
                .Select(_ => Letters.EnumerateRunes().ElementAt(random.Next(Letters.EnumerateRunes().Count())).ToString()));
            var (user, password, database) = (Text(), "p" + Text(), Text());
            var hosts = Enumerable.Range(0, random.Next(1, 4))
                .Select(_ => random.Next(4) switch { 0 => "127.0.0.1", 1 => "db.example", 2 => "[::1]", _ => "h-1" }).ToArray();
            var ports = hosts.Select(_ => random.Next(1, 65536)).ToArray();
            var expected = hosts.Length == 1
                ? (hosts[0].Trim('[', ']'), (int?)ports[0])
                : (string.Join(',', hosts.Zip(ports, (host, port) => $"{host}:{port}")), null);
            string Word(string text) =>
                $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
            var escaped = Uri.EscapeDataString(user) + ":" + Uri.EscapeDataString(password);
            string[] forms =
            [
                $"postgres://{escaped}@"
                + $"{string.Join(',', hosts.Zip(ports, (host, port) => $"{host}:{port}"))}/{Uri.EscapeDataString(database)}",
                $"postgresql:///{Uri.EscapeDataString(database)}?user={Uri.EscapeDataString(user)}&password="
                + $"{Uri.EscapeDataString(password)}&host={Uri.EscapeDataString(string.Join(',', hosts))}&port={string.Join(',', ports)}",
                $"host={string.Join(',', hosts)} port={string.Join(',', ports)} user={Word(user)} "
                + $"password={Word(password)} dbname={Word(database)}",
                new System.Data.Common.DbConnectionStringBuilder
                {
                    ["Server"] = string.Join(',', hosts),
                    ["Port"] = string.Join(',', ports),
                    ["User Id"] = user,
                    ["Password"] = password,
                    ["Database"] = database,
                }.ConnectionString,
            ];
            foreach (var form in forms)
            {
                var settings = PostgresUrl.Parse(form);
                Assert.Equal(
                    (expected, user, password, database),
                    ((settings.Host, hosts.Length == 1 ? settings.Port : null), settings.Username, settings.Password, settings.Database));
            }
        }
    }

    [Theory]
    [InlineData("postgres://u:p@h/d%00", "dbname")]
    [InlineData("postgres://u%00:p@h/d", "user")]
    [InlineData("postgres://u:p%0A@h/d", "password")]
    [InlineData("postgres://h/d?application_name=a%1Fb", "application_name")]
    public void A_control_character_is_refused_by_the_name_of_its_parameter(string url, string parameter) =>
        Assert.Contains($"'{parameter}'", Assert.Throws<FormatException>(() => PostgresUrl.Parse(url)).Message, StringComparison.Ordinal);
}

using Npgsql;
using StashAI.Storage.Postgres;

namespace StashAI.Storage.Tests.Postgres;

public sealed class PostgresUrlTests
{
    [Fact]
    public void A_full_url_gives_every_part()
    {
        var settings = PostgresUrl.Parse("postgres://ann:s%40crets%2F1@db.example:6543/queue?sslmode=verify-full&application_name=a%20b&connect_timeout=7");

        Assert.Equal(("db.example", 6543, "ann", "s@crets/1", "queue"), (settings.Host, settings.Port, settings.Username, settings.Password, settings.Database));
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
    [InlineData("postgres://me:pw@one,two/db", "cannot be read")]
    [InlineData("postgres://me:pw@localhost:port/db", "cannot be read")]
    [InlineData("postgres:///db", "host")]
    [InlineData("postgres://me:1/pw@localhost/db", "percent-encoded")]
    [InlineData("postgres://me:1#pw@localhost/db", "percent-encoded")]
    [InlineData("postgres://me:1?pw@localhost/db", "percent-encoded")]
    [InlineData("postgres://me:1@pw@localhost/db", "percent-encoded")]
    [InlineData("Host=localhost;Password=pw", "must look like")]
    public void What_cannot_be_read_is_refused_without_the_password(string url, string expected)
    {
        var error = Assert.Throws<FormatException>(() => PostgresUrl.Parse(url));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pw", error.Message, StringComparison.Ordinal);
    }
}

using Npgsql;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Testing.Postgres;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>A database that others use too: their tables are left alone, and what is in the way is named.</summary>
public sealed class SharedDatabaseTests(PostgresFixture postgres)
{
    private const string Foreign = """
        CREATE TABLE schemaversions (schemaversionsid serial PRIMARY KEY, scriptname varchar(255) NOT NULL, applied timestamp NOT NULL);
        INSERT INTO schemaversions (scriptname, applied) VALUES ('Other.Program.Scripts.0001_first.sql', now())
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Foreign)]
    [InlineData("CREATE TABLE schemaversions (version int)")]
    [InlineData("CREATE SCHEMA other; CREATE TABLE other.schemaversions (version int); CREATE TABLE other.tickets (id int)")]
    public async Task Another_programs_journal_is_left_alone(string before)
    {
        await using var host = await PrepareAsync(before);

        await (await host.OpenAsync(TimeProvider.System, Cancellation)).DisposeAsync();
        await (await host.OpenAsync(TimeProvider.System, Cancellation)).DisposeAsync();

        Assert.Equal((long)MigrationScripts.Postgres.Count, host.Scalar($"SELECT COUNT(*) FROM {PostgresJournal.Table}"));
    }

    [Fact]
    public async Task A_database_of_the_first_versions_keeps_its_journal_also_beside_another_programs_rows()
    {
        await using var host = await PrepareAsync("");
        await (await host.OpenAsync(TimeProvider.System, Cancellation)).DisposeAsync();
        host.Scalar($"ALTER TABLE {PostgresJournal.Table} RENAME TO schemaversions");
        host.Scalar("INSERT INTO schemaversions (scriptname, applied) VALUES ('Other.Program.Scripts.0001_first.sql', now())");

        await using (var store = (PostgresStore)await host.OpenAsync(TimeProvider.System, Cancellation))
        {
            await store.Probe.ProbeAsync(Cancellation);
            Assert.Null(store.Probe.Warning);
        }

        Assert.Equal((long)MigrationScripts.Postgres.Count + 1, host.Scalar("SELECT COUNT(*) FROM schemaversions"));
        Assert.Equal(DBNull.Value, host.Scalar($"SELECT to_regclass('{PostgresJournal.Table}')::text"));
    }

    [Fact]
    public async Task What_is_in_the_way_is_named_before_anything_is_made()
    {
        await using var host = await PrepareAsync("CREATE TABLE tickets (id int)");

        var refused = await Assert.ThrowsAsync<StoreOpenException>(() => host.OpenAsync(TimeProvider.System, Cancellation));

        Assert.True(refused.IsSetting);
        Assert.Contains("table 'tickets'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1L, host.Scalar("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Theory]
    [InlineData("search_path=queue_one", "CREATE SCHEMA queue_one", "queue_one")]
    [InlineData("currentSchema=queue_one,public", "CREATE SCHEMA queue_one", "queue_one")]
    [InlineData("schema=My%20Queue", "CREATE SCHEMA \"My Queue\"", "My Queue")]
    [InlineData("options=-c%20search_path%3Dqueue_one", "CREATE SCHEMA queue_one", "queue_one")]
    public async Task A_schema_of_its_own_holds_everything(string parameter, string before, string schema)
    {
        await using var host = await PrepareAsync(before + "; CREATE TABLE tickets (id int)");
        for (var i = 0; i < 2; i++)
        {
            await using var store = await PostgresStore.OpenAsync(
                new PostgresSettings { Url = $"{await host.UrlAsync(Cancellation)}?{parameter}" }, Cancellation);
            store.Nodes.Register("one", TimeSpan.FromSeconds(30));
        }

        Assert.Equal(2L, host.Scalar($"SELECT COUNT(*) FROM \"{schema}\".nodes"));
        Assert.Equal(1L, host.Scalar("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public async Task A_schema_that_is_missing_or_hides_a_queue_is_refused()
    {
        await using var host = await PrepareAsync("CREATE SCHEMA later");
        await (await host.OpenAsync(TimeProvider.System, Cancellation)).DisposeAsync();
        var url = await host.UrlAsync(Cancellation);

        var missing = await Assert.ThrowsAsync<StoreOpenException>(
            () => PostgresStore.OpenAsync(new PostgresSettings { Url = url + "?search_path=nowhere" }, Cancellation));
        var hiding = await Assert.ThrowsAsync<StoreOpenException>(
            () => PostgresStore.OpenAsync(new PostgresSettings { Url = url + "?search_path=later,public" }, Cancellation));

        Assert.Contains("CREATE SCHEMA nowhere", missing.Message, StringComparison.Ordinal);
        Assert.Contains("search_path=public", hiding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LATIN1")]
    [InlineData("SQL_ASCII")]
    [InlineData("EUC_JP")]
    public async Task A_database_that_cannot_keep_every_text_is_refused(string encoding)
    {
        var cluster = await postgres.ClusterAsync(Cancellation);
        var name = $"in_{encoding}".ToLowerInvariant();
        await cluster.QueryAsync(
            "postgres", $"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0", Cancellation);

        var refused = await Assert.ThrowsAsync<StoreOpenException>(
            () => PostgresStore.OpenAsync(
                new PostgresSettings { Url = $"postgres://postgres@127.0.0.1:{cluster.Port}/{name}" }, Cancellation));

        Assert.True(refused.IsSetting);
        Assert.Contains(encoding, refused.Message, StringComparison.Ordinal);
        Assert.Contains("ENCODING 'UTF8'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_that_does_not_come_about_is_said_in_words()
    {
        await using var host = await PrepareAsync("");

        var refused = await Assert.ThrowsAsync<StoreOpenException>(
            async () => await PostgresStore.OpenAsync(
                new PostgresSettings { Url = await host.UrlAsync(Cancellation) + "?sslmode=require" }, Cancellation));

        Assert.True(refused.IsSetting);
        Assert.Contains("does not offer TLS", refused.Message, StringComparison.Ordinal);
    }

    private async Task<PostgresHost> PrepareAsync(string sql)
    {
        var host = new PostgresHost(postgres, isEmpty: true);
        await host.CreateAsync(Cancellation);
        if (sql.Length > 0) host.Scalar(sql);
        return host;
    }
}

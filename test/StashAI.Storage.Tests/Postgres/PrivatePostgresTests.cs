using StashAI.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace StashAI.Storage.Tests.Postgres;

public sealed class PrivatePostgresTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_private_cluster_answers_queries()
    {
        var cluster = await postgres.ClusterAsync(Cancellation);

        Assert.Equal("1|UTF8", await cluster.QueryAsync("postgres", "SELECT 1, current_setting('server_encoding')", Cancellation));
    }

    [Fact]
    public async Task Each_database_is_empty_and_on_its_own()
    {
        var cluster = await postgres.ClusterAsync(Cancellation);
        var first = await postgres.CreateDatabaseAsync(Cancellation);
        var second = await postgres.CreateDatabaseAsync(Cancellation);

        await cluster.QueryAsync(first.Name, "CREATE TABLE things (id int)", Cancellation);

        const string CountTables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
        Assert.Equal("1", await cluster.QueryAsync(first.Name, CountTables, Cancellation));
        Assert.Equal("0", await cluster.QueryAsync(second.Name, CountTables, Cancellation));
    }

    [Fact]
    public async Task A_statement_that_fails_says_what_the_server_wrote()
    {
        var cluster = await postgres.ClusterAsync(Cancellation);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => cluster.QueryAsync("postgres", "SELECT nothing_like_that", Cancellation));

        Assert.Contains("nothing_like_that", exception.Message, StringComparison.Ordinal);
    }
}

using StashAI.Testing.Postgres;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Databases;

/// <summary>A database that cannot be used is named in one sentence, with the way out and without the password.</summary>
public sealed class PostgresStartTests(PostgresFixture postgres)
{
    private const string Password = "s3cret";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_does_not_answer_is_an_error_that_may_pass()
    {
        var sentence = await RefusedAsync($"postgres://me:{Password}@127.0.0.1:1/queue", exitCode: 1);

        Assert.Contains("127.0.0.1:1/queue cannot be reached", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_a_setting_to_correct()
    {
        var cluster = await postgres.ClusterAsync(Cancellation);
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await cluster.QueryAsync(
            "postgres",
            $"DO $$ BEGIN CREATE ROLE {PrivatePostgres.GuardedUser} LOGIN PASSWORD 'right'; "
            + "EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            Cancellation);

        var wrong = await RefusedAsync(
            $"postgres://{PrivatePostgres.GuardedUser}:{Password}@127.0.0.1:{cluster.Port}/{database.Name}", exitCode: 2);
        var none = await RefusedAsync($"postgres://{PrivatePostgres.GuardedUser}@127.0.0.1:{cluster.Port}/{database.Name}", exitCode: 2);
        var powerless = await RefusedAsync(
            $"postgres://{PrivatePostgres.GuardedUser}:right@127.0.0.1:{cluster.Port}/{database.Name}", exitCode: 2);

        Assert.Contains("Check user and password", wrong, StringComparison.Ordinal);
        Assert.Contains("requires a password", none, StringComparison.Ordinal);
        Assert.Contains("owner of the database", powerless, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_missing_is_named()
    {
        var cluster = await postgres.ClusterAsync(Cancellation);

        var sentence = await RefusedAsync($"postgres://postgres:{Password}@127.0.0.1:{cluster.Port}/nowhere", exitCode: 2);

        Assert.Contains($"127.0.0.1:{cluster.Port}/nowhere does not exist", sentence, StringComparison.Ordinal);
        Assert.Contains("CREATE DATABASE", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_brings_the_schema_and_says_where()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var process = StashAIProcess.Launch(new StashAIProcessOptions { Arguments = ["migrate", "--database", database.Url] });

        Assert.Equal(0, await process.WaitForExitAsync(Cancellation));
        Assert.Contains(
            $"/{database.Name} has the schema of this version.", Assert.Single(process.StandardOutput), StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(string url, int exitCode)
    {
        await using var process = StashAIProcess.Launch(new StashAIProcessOptions
        {
            Arguments = ["migrate"],
            Environment = new Dictionary<string, string?> { ["DATABASE_URL"] = url },
        });
        Assert.Equal(exitCode, await process.WaitForExitAsync(Cancellation));
        await process.OutputAsync();
        var sentence = Assert.Single(process.StandardError);
        Assert.DoesNotContain(Password, sentence, StringComparison.Ordinal);
        return sentence;
    }
}

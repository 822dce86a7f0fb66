using DbUp;
using DbUp.Engine;
using Microsoft.Extensions.Logging;
using Npgsql;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;

namespace StashAI.Storage.Postgres;

/// <summary>Brings a database to this program's schema: forward only, one process at a time over all hosts.</summary>
internal static class PostgresMigrator
{
    // "stashai" read as a number.
    private const long LockKey = 0x73746173686169;

    /// <param name="database">The database.</param>
    /// <param name="scripts">All that this program knows, in order.</param>
    /// <param name="logger">Hears what is done.</param>
    public static void Migrate(PostgresDatabase database, IReadOnlyList<SqlScript> scripts, ILogger logger)
    {
        using var alone = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.PlainConnection) { Pooling = false }.ConnectionString);
        alone.Open();
        if (PostgresStartErrors.TooOld(database.Name, alone.PostgreSqlVersion, PostgresDatabase.OldestVersion) is { } tooOld) throw tooOld;

        // The session holds the lock: it ends with the connection, also when this process dies.
        using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({LockKey})", alone) { CommandTimeout = 0 }) take.ExecuteNonQuery();
        var upgrader = DeployChanges.To.PostgresqlDatabase(database.PlainConnection)
            .WithScripts(scripts)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            // A change of a large table takes what it takes.
            .WithExecutionTimeout(TimeSpan.FromHours(6))
            .LogToNowhere()
            .Build();

        var known = scripts.Select(script => script.Name).ToHashSet();
        var executed = upgrader.GetExecutedScripts();
        if (executed.Find(name => !known.Contains(name)) is { } unknown)
        {
            throw new SchemaTooNewException($"{MigrationScripts.Newer(database.Name, unknown)}.");
        }

        var pending = upgrader.GetScriptsToExecute();
        if (pending.Count == 0) return;
        if (executed.Count > 0)
            MigrationLog.Applying(logger, database.Name, string.Join(", ", pending.Select(script => MigrationScripts.ShortName(script.Name))));
        var result = upgrader.PerformUpgrade();
        if (result.Successful) return;
        if (PostgresStartErrors.From(result.Error, new NpgsqlConnectionStringBuilder(database.PlainConnection)) is { IsSetting: true } refusal) throw refusal;
        throw new StoreOpenException(
            $"{MigrationScripts.ShortName(result.ErrorScript?.Name ?? "A migration")} could not be applied to {database.Name}: {result.Error.Message.TrimEnd('.')}. "
            + "The migration took nothing away: go on with the version before, or try again.",
            isSetting: false,
            result.Error);
    }
}

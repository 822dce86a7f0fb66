using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using Microsoft.Extensions.Logging;
using Npgsql;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Migrates a database to this program's schema: forward only, one process at a time over all hosts.</summary>
internal static class PostgresMigrator
{
    // The bytes of "stashai" as a number.
    private const long LockKey = 0x73746173686169;

    private const string Facts = "SELECT current_setting('server_encoding'), "
        + "current_setting('default_transaction_isolation'), pg_is_in_recovery()";

    /// <param name="scripts">All scripts that this program knows, in order.</param>
    public static void Migrate(PostgresDatabase database, IReadOnlyList<SqlScript> scripts, ILogger logger)
    {
        if (database.UnusedParameters.Count > 0) MigrationLog.UnusedParameters(logger, string.Join(", ", database.UnusedParameters));
        var plain = database.OpenPlain();
        using var alone = plain.OpenConnection();
        if (PostgresStartErrors.TooOld(database.Name, alone.PostgreSqlVersion, PostgresDatabase.OldestVersion) is { } tooOld) throw tooOld;
        if (!database.HasTransactionPooling) database.HasTransactionPooling = PostgresPooling.GivesTransactionsOtherSessions(alone, plain);
        CheckFacts(alone, database);
        if (database.HasTransactionPooling) MigrationLog.TransactionPooling(logger, database.Name);

        // The transaction holds the lock: it ends with the connection, also when this process dies, and keeps its session behind a pooler.
        using var transaction = alone.BeginTransaction();
        using (var take =
            new NpgsqlCommand($"{database.MigrationSettings}; SELECT pg_advisory_xact_lock({LockKey})", alone) { CommandTimeout = 0 })
        {
            take.ExecuteNonQuery();
        }

        var (schema, table) = database.Journal = PostgresJournal.Find(alone, database.Name, scripts);
        var upgrader = DeployChanges.To.PostgresqlDatabase(new PostgresqlConnectionManager(plain))
            .WithScripts(scripts.Select(script => new SqlScript(script.Name, $"{database.MigrationSettings};\n{script.Contents}")))
            .JournalToPostgresqlTable(schema, table)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            // A change of a large table may take long.
            .WithExecutionTimeout(TimeSpan.FromHours(6))
            .LogToNowhere()
            .Build();

        var known = scripts.Select(script => script.Name).ToHashSet();
        var executed = upgrader.GetExecutedScripts().FindAll(PostgresJournal.IsOwn);
        if (executed.Find(name => !known.Contains(name)) is { } unknown)
        {
            throw new SchemaTooNewException($"{MigrationScripts.Newer(database.Name, unknown)}.");
        }

        var pending = upgrader.GetScriptsToExecute();
        if (pending.Count == 0) return;
        if (executed.Count > 0)
        {
            MigrationLog.Applying(
                logger, database.Name, string.Join(", ", pending.Select(script => MigrationScripts.ShortName(script.Name))));
        }

        var result = upgrader.PerformUpgrade();
        if (result.Successful) return;
        if (PostgresStartErrors.From(result.Error, database.Connection) is { IsSetting: true } refusal) throw refusal;
        throw new StoreOpenException(
            $"{MigrationScripts.ShortName(result.ErrorScript?.Name ?? "A migration")} could not be applied to {database.Name}: "
            + $"{result.Error.Message.TrimEnd('.')}. The migration was rolled back: run the previous version, or try again.",
            isSetting: false,
            result.Error);
    }

    private static void CheckFacts(NpgsqlConnection connection, PostgresDatabase database)
    {
        using var ask = new NpgsqlCommand(Facts, connection);
        using var rows = ask.ExecuteReader();
        rows.Read();
        var (encoding, isolation, isStandby) = (rows.GetString(0), rows.GetString(1), rows.GetBoolean(2));
        if (encoding != "UTF8") throw PostgresStartErrors.OtherEncoding(database.Name, encoding);
        if (isStandby) throw PostgresStartErrors.Standby(database.Name, null);
        // Unlike other settings, a transaction's isolation level cannot be set after its first statement.
        if (database.HasTransactionPooling && isolation != "read committed")
        {
            throw PostgresStartErrors.OtherIsolation(database.Name, isolation);
        }
    }
}

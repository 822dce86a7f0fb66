using System.Reflection;
using DbUp;
using Npgsql;
using StashAI.Queue.Store;

namespace StashAI.Storage.Postgres;

/// <summary>Brings a database to this program's schema: forward only, one process at a time over all hosts.</summary>
internal static class PostgresMigrator
{
    private const string Folder = "StashAI.Storage.Migrations.Postgres.";

    // "stashai" read as a number.
    private const long LockKey = 0x73746173686169;

    public static void Migrate(PostgresDatabase database)
    {
        using var alone = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.PlainConnection) { Pooling = false }.ConnectionString);
        alone.Open();
        if (PostgresStartErrors.TooOld(database.Name, alone.PostgreSqlVersion, PostgresDatabase.OldestVersion) is { } tooOld) throw tooOld;

        // The session holds the lock: it ends with the connection, also when this process dies.
        using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({LockKey})", alone) { CommandTimeout = 0 }) take.ExecuteNonQuery();
        var upgrader = DeployChanges.To.PostgresqlDatabase(database.PlainConnection)
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.StartsWith(Folder, StringComparison.Ordinal))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build();

        var known = upgrader.GetDiscoveredScripts().Select(script => script.Name).ToHashSet();
        if (upgrader.GetExecutedScripts().Find(name => !known.Contains(name)) is { } unknown)
        {
            throw new SchemaTooNewException(
                $"{database.Name} was written by a newer version of this program (it has {unknown[Folder.Length..]}): use that version.");
        }

        var result = upgrader.PerformUpgrade();
        if (result.Successful) return;
        if (PostgresStartErrors.From(result.Error, new NpgsqlConnectionStringBuilder(database.PlainConnection)) is { IsSetting: true } refusal) throw refusal;
        throw new InvalidOperationException($"Migration {result.ErrorScript?.Name} of {database.Name} failed.", result.Error);
    }
}

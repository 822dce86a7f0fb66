using StashAI.Queue.Store;
using StashAI.Storage.Migrations;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Probes what work needs: a write, the schema, and the rights to use its tables.</summary>
internal sealed class PostgresProbe(PostgresDatabase database) : IStoreProbe
{
    private const string Columns = """
        SELECT c.relname::text, a.attname::text FROM unnest($1::text[]) AS t (name) JOIN pg_class c ON c.oid = to_regclass(quote_ident(t.name))
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        """;

    private const string Indexes = """
        SELECT i.relname::text FROM unnest($1::text[]) AS t (name) JOIN pg_index x ON x.indrelid = to_regclass(quote_ident(t.name)) AND x.indisvalid
            JOIN pg_class i ON i.oid = x.indexrelid
        """;

    private const string Forbidden = """
        SELECT t.name FROM unnest($1::text[]) AS t (name) WHERE NOT (
            has_table_privilege(to_regclass(quote_ident(t.name)), 'SELECT') AND has_table_privilege(to_regclass(quote_ident(t.name)), 'INSERT')
            AND has_table_privilege(to_regclass(quote_ident(t.name)), 'UPDATE') AND has_table_privilege(to_regclass(quote_ident(t.name)), 'DELETE')) LIMIT 1
        """;

    private readonly ExpectedSchema expected = ExpectedSchema.OfPostgres();

    public string? Warning { get; private set; }

    /// <remarks>PostgreSQL reports damaged pages itself.</remarks>
    public Task<bool> IsDamagedAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public string? Explain(Exception error) => PostgresTroubles.Explain(error, database.Name);

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        string[] tables = [.. expected.Columns.Select(column => column.Table).Distinct()];
        var found = new HashSet<(string, string)>();
        await using (var look = session.Batch().Add(Columns, Value(tables)).Add(Indexes, Value(tables)).Add(Forbidden, Value(tables))
            .Add(PostgresJournal.Scripts(database.Journal)))
        await using (var rows = await look.ReadAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken)) found.Add((rows.GetString(0), rows.GetString(1)));
            await rows.NextResultAsync(cancellationToken);
            var indexes = new HashSet<string>();
            while (await rows.ReadAsync(cancellationToken)) indexes.Add(rows.GetString(0));
            if (expected.Missing(database.Name, found, indexes) is { } missing) throw new StoreTroubleException(missing);
            await rows.NextResultAsync(cancellationToken);
            if (await rows.ReadAsync(cancellationToken))
            {
                throw new StoreTroubleException(
                    $"This user may not use the table {rows.GetString(0)} of {database.Name}: "
                    + "grant SELECT, INSERT, UPDATE and DELETE to the user.");
            }

            await rows.NextResultAsync(cancellationToken);
            var known = MigrationScripts.Postgres.Select(script => script.Name).ToHashSet();
            string? unknown = null;
            while (await rows.ReadAsync(cancellationToken))
            {
                var script = rows.GetString(0);
                if (PostgresJournal.IsOwn(script) && !known.Contains(script)) unknown ??= script;
            }

            Warning = unknown is null ? null : MigrationScripts.Newer(database.Name, unknown);
            await EndAsync(rows, cancellationToken);
        }

        await PostgresClock.ObserveAsync(session, cancellationToken);
    }
}

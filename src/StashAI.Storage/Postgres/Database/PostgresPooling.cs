using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Finds out whether there is a pooler in front of the server that gives each transaction another session.</summary>
internal static class PostgresPooling
{
    private const int Rounds = 6;

    /// <summary>
    /// A pooler reports process ids to its clients that differ from the sessions' own. If they differ, this checks whether the connection's
    /// session changes, or also serves a second connection: only a pooler in transaction mode does so.
    /// </summary>
    public static bool GivesTransactionsOtherSessions(NpgsqlConnection one, NpgsqlDataSource source)
    {
        if (one.ProcessID == SessionOf(one)) return false;
        using var two = source.OpenConnection();
        for (var round = 0; round < Rounds; round++)
        {
            var before = SessionOf(one);
            using var transaction = two.BeginTransaction();
            if (SessionOf(two) == before || SessionOf(one) != before) return true;
        }

        return false;
    }

    private static int SessionOf(NpgsqlConnection connection)
    {
        using var ask = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)ask.ExecuteScalar()!;
    }
}

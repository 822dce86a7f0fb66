using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Finds out whether a pooler stands before the server, and whether it gives each transaction another session.</summary>
internal static class PostgresPooling
{
    private const int Rounds = 6;

    /// <summary>
    /// A pooler tells its clients other process numbers than the sessions have. One connection then sees whether its session changes, or serves
    /// a second connection too: a pooler in session mode does neither, one in transaction mode does either as soon as it can.
    /// </summary>
    public static bool IsShared(NpgsqlConnection one, NpgsqlDataSource source)
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

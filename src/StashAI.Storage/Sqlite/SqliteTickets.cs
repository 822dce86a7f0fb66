using StashAI.Queue.Model.Access;

namespace StashAI.Storage.Sqlite;

/// <summary>One-time tickets: hashes, removed when they are taken or too old.</summary>
internal static class SqliteTickets
{
    private const string RemoveOld = "DELETE FROM tickets WHERE expires_at <= stashai_now()";

    private const string Insert = """
        INSERT INTO tickets (hash, holder, expires_at)
        SELECT ?1, ?2, stashai_now() + ?3 WHERE (SELECT COUNT(*) FROM tickets) < ?4 ON CONFLICT DO NOTHING
        """;

    private const string IsKept = "SELECT 1 FROM tickets WHERE hash = ?1";

    private const string Remove = "DELETE FROM tickets WHERE hash = ?1 RETURNING holder, expires_at > stashai_now()";

    public static bool Add(SqliteSession session, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> holder, TimeSpan lifetime, int most)
    {
        session.Use(RemoveOld).Run();
        return session.Use(Insert).Bind(1, hash).Bind(2, holder).Bind(3, (long)lifetime.TotalMilliseconds).Bind(4, most).Run() > 0
            || session.Use(IsKept).Bind(1, hash).Scalar() is not null;
    }

    public static Ticket? Take(SqliteSession session, ReadOnlySpan<byte> hash)
    {
        Ticket? taken = null;
        var row = session.Use(Remove).Bind(1, hash);
        while (row.Step()) taken = row.Int32(1) == 1 ? new Ticket(row.Blob(0)) : null;
        return taken;
    }
}

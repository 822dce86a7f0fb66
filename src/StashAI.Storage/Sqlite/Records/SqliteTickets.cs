using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>One-time tickets, stored as hashes and removed when used or expired.</summary>
internal sealed class SqliteTickets(SqliteWriter writer) : ITickets
{
    private const string RemoveOld = "DELETE FROM tickets WHERE expires_at <= stashai_now()";

    private const string Insert = """
        INSERT INTO tickets (hash, holder, expires_at)
        SELECT ?1, ?2, stashai_now() + ?3 WHERE (SELECT COUNT(*) FROM tickets) < ?4 ON CONFLICT DO NOTHING
        """;

    private const string IsStored = "SELECT 1 FROM tickets WHERE hash = ?1";

    private const string Remove = "DELETE FROM tickets WHERE hash = ?1 RETURNING holder, expires_at > stashai_now()";

    public Task<bool> AddTicketAsync(
        ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> holder, TimeSpan lifetime, int most, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                session.Use(RemoveOld).Run();
                return session.Use(Insert).Bind(1, hash.Span)
                    .Bind(2, holder.Span).Bind(3, (long)lifetime.TotalMilliseconds).Bind(4, most).Run() > 0
                    || session.Use(IsStored).Bind(1, hash.Span).Scalar() is not null;
            },
            cancellationToken);

    public Task<Ticket?> TakeTicketAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            Ticket? taken = null;
            var row = session.Use(Remove).Bind(1, hash.Span);
            while (row.Step()) taken = row.Int32(1) == 1 ? new Ticket(row.Blob(0)) : null;
            return taken;
        },
        cancellationToken);
}

using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>One-time tickets, stored as hashes and removed when used or expired.</summary>
internal sealed class PostgresTickets(PostgresDatabase database) : ITickets
{
    private const string RemoveOld = "DELETE FROM tickets WHERE expires_at <= stashai_now()";

    private const string Insert = """
        INSERT INTO tickets (hash, holder, expires_at)
        SELECT $1, $2, stashai_now() + $3 WHERE (SELECT COUNT(*) FROM tickets) < $4 ON CONFLICT DO NOTHING
        """;

    private const string IsStored = "SELECT EXISTS (SELECT 1 FROM tickets WHERE hash = $1)";

    private const string Remove = "DELETE FROM tickets WHERE hash = $1 RETURNING holder, expires_at > stashai_now()";

    public async Task<bool> AddTicketAsync(
        ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> holder, TimeSpan lifetime, int most, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var bytes = hash.ToArray();
        await using var batch = session.Batch()
            .Add(RemoveOld)
            .Add(Insert, Value(bytes), Value(holder.ToArray()), Value((long)lifetime.TotalMilliseconds), Value((long)most))
            .Add(IsStored, Value(bytes));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.ReadAsync(CancellationToken.None);
        return rows.GetBoolean(0);
    }

    public async Task<Ticket?> TakeTicketAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Remove, Value(hash.ToArray()));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        return await rows.ReadAsync(CancellationToken.None) && rows.GetBoolean(1) ? new Ticket(rows.GetFieldValue<byte[]>(0)) : null;
    }
}

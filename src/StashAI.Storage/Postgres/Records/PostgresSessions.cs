using Npgsql;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

internal sealed class PostgresSessions(PostgresDatabase database) : ISessions
{
    private const string Upsert = """
        INSERT INTO user_sessions (session_id, public_id, user_id, page_views, total_interactions, metadata, started_at, end_time, updated_at)
        VALUES ($1, $2, $3, COALESCE($4, 0), COALESCE($5, 0), $6, stashai_now(), $7, stashai_now())
        ON CONFLICT (session_id) DO UPDATE SET user_id = COALESCE(excluded.user_id, user_sessions.user_id),
            page_views = GREATEST(user_sessions.page_views, excluded.page_views),
            total_interactions = GREATEST(user_sessions.total_interactions, excluded.total_interactions),
            metadata = COALESCE(excluded.metadata, user_sessions.metadata),
            end_time = COALESCE(excluded.end_time, user_sessions.end_time), updated_at = excluded.updated_at
        """;

    private const string Columns = """
        SELECT public_id, session_id, user_id, page_views, GREATEST(total_interactions, recorded), recorded, metadata, started_at, end_time, updated_at
        FROM user_sessions
        """;

    private const string ByNames = $"{Columns} WHERE session_id = ANY($1::text[])";

    private const string ById = $"{Columns} WHERE public_id = $1";

    // Ids increase with time.
    private const string All = $"{Columns} ORDER BY public_id DESC LIMIT $1 OFFSET $2";

    private const string OfUser = $"{Columns} WHERE user_id = $3 ORDER BY user_id DESC, public_id DESC LIMIT $1 OFFSET $2";

    public async Task<IReadOnlyList<SessionView>> SaveSessionsAsync(
        IReadOnlyList<SessionUpdate> updates, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        // In the order of their names, so that two calls cannot wait for each other.
        foreach (var update in updates.OrderBy(update => update.SessionId, StringComparer.Ordinal))
        {
            batch.Add(
                Upsert,
                Text(update.SessionId),
                Value(Guid.CreateVersion7(database.Clock.GetUtcNow())),
                Text(update.UserId),
                OrNull(update.PageViews),
                OrNull(update.TotalInteractions),
                Bytes(update.Metadata),
                OrNull(update.EndTime?.ToUnixTimeMilliseconds()));
        }

        batch.Add(ByNames, Value(updates.Select(update => PostgresText.ToStorable(update.SessionId)!).ToArray()));
        var found = (await PostgresRows.ListAsync(batch, Read, cancellationToken))
            .ToDictionary(view => view.SessionId, StringComparer.Ordinal);
        return [.. updates.Select(update => found[PostgresText.ToStorable(update.SessionId)!])];
    }

    public async Task<SessionView?> FindSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ByNames, Value<string[]>([PostgresText.ToStorable(sessionId)!]));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public async Task<SessionView?> FindSessionAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ById, Value(id));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<SessionView>> ListSessionsAsync(
        string? userId, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        if (userId is null) batch.Add(All, Value(limit), Value(offset));
        else batch.Add(OfUser, Value(limit), Value(offset), Text(userId));
        return await PostgresRows.ListAsync(batch, Read, cancellationToken);
    }

    private static NpgsqlParameter Bytes(ReadOnlyMemory<byte> value) =>
        new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea, Value = value.IsEmpty ? DBNull.Value : value.ToArray() };

    private static SessionView Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        SessionId = row.GetString(1),
        UserId = PostgresRows.TextOrNull(row, 2),
        PageViews = row.GetInt32(3),
        TotalInteractions = row.GetInt32(4),
        Recorded = row.GetInt32(5),
        Metadata = row.IsDBNull(6) ? default : row.GetFieldValue<byte[]>(6),
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
        EndTime = row.IsDBNull(8) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
    };
}

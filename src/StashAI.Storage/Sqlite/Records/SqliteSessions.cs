using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

internal sealed class SqliteSessions(SqliteWriter writer, SqliteReaders readers, TimeProvider clock) : ISessions
{
    private const string Upsert = """
        INSERT INTO user_sessions (session_id, public_id, user_id, page_views, total_interactions, metadata, started_at, end_time, updated_at)
        VALUES (?1, ?2, ?3, COALESCE(?4, 0), COALESCE(?5, 0), ?6, stashai_now(), ?7, stashai_now())
        ON CONFLICT (session_id) DO UPDATE SET user_id = COALESCE(excluded.user_id, user_id), page_views = MAX(page_views, excluded.page_views),
            total_interactions = MAX(total_interactions, excluded.total_interactions), metadata = COALESCE(excluded.metadata, metadata),
            end_time = COALESCE(excluded.end_time, end_time), updated_at = excluded.updated_at
        """;

    private const string Columns = """
        SELECT public_id, session_id, user_id, page_views, MAX(total_interactions, recorded), recorded, metadata, started_at, end_time, updated_at
        FROM user_sessions
        """;

    private const string ByName = $"{Columns} WHERE session_id = ?1";

    private const string ById = $"{Columns} WHERE public_id = ?1";

    // Ids increase with time.
    private const string All = $"{Columns} ORDER BY public_id DESC LIMIT ?1 OFFSET ?2";

    private const string OfUser = $"{Columns} INDEXED BY user_sessions_by_user WHERE user_id = ?3 ORDER BY "
        + "public_id DESC LIMIT ?1 OFFSET ?2";

    public Task<IReadOnlyList<SessionView>> SaveSessionsAsync(IReadOnlyList<SessionUpdate> sessions, CancellationToken cancellationToken) =>
        writer.RunAsync(session => Save(session, sessions), cancellationToken);

    public Task<SessionView?> FindSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Find(session, sessionId), cancellationToken);

    public Task<SessionView?> FindSessionAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => One(session.Use(ById).Bind(1, id)), cancellationToken);

    public Task<IReadOnlyList<SessionView>> ListSessionsAsync(string? userId, int limit, int offset, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<SessionView>>(session => List(session, userId, limit, offset), cancellationToken);

    private IReadOnlyList<SessionView> Save(SqliteSession session, IReadOnlyList<SessionUpdate> updates)
    {
        foreach (var update in updates)
        {
            var statement = session.Use(Upsert).Bind(1, update.SessionId).Bind(2, Guid.CreateVersion7(clock.GetUtcNow()))
                .Bind(3, update.UserId)
                .Bind(4, (long?)update.PageViews).Bind(5, (long?)update.TotalInteractions)
                .Bind(7, update.EndTime?.ToUnixTimeMilliseconds());
            if (update.Metadata.IsEmpty) statement.BindNull(6);
            else statement.Bind(6, update.Metadata.Span);
            statement.Run();
        }

        return [.. updates.Select(update => Find(session, update.SessionId)!)];
    }

    private static SessionView? Find(SqliteSession session, string sessionId) => One(session.Use(ByName).Bind(1, sessionId));

    private static List<SessionView> List(SqliteSession session, string? userId, int limit, int offset)
    {
        var rows = userId is null ? session.Use(All) : session.Use(OfUser).Bind(3, userId);
        rows.Bind(1, limit).Bind(2, offset);
        var page = new List<SessionView>();
        while (rows.Step()) page.Add(Read(rows));
        return page;
    }

    private static SessionView? One(SqliteStatement row)
    {
        if (!row.Step()) return null;
        var found = Read(row);
        row.Reset();
        return found;
    }

    private static SessionView Read(SqliteStatement row) => new()
    {
        Id = row.Guid(0),
        SessionId = row.Text(1),
        UserId = row.TextOrNull(2),
        PageViews = row.Int32(3),
        TotalInteractions = row.Int32(4),
        Recorded = row.Int32(5),
        Metadata = row.IsNull(6) ? default : row.Blob(6),
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(7)),
        EndTime = row.IsNull(8) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(8)),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(9)),
    };
}

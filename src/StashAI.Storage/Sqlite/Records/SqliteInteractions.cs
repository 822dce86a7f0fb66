using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;
using StashAI.Storage.Records;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>Interactions of people with a client's pages.</summary>
internal sealed class SqliteInteractions(SqliteWriter writer, SqliteReaders readers, TimeProvider clock) : IInteractions
{
    private const string InsertOne = """
        INSERT INTO user_interactions (public_id, session_id, user_id, action_type, page_path, element_type, element_id, metadata, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, stashai_now()) ON CONFLICT (public_id) DO NOTHING
        RETURNING id, created_at
        """;

    private const string CountInSession = """
        INSERT INTO user_sessions (session_id, public_id, user_id, started_at, updated_at, recorded)
        VALUES (?1, ?2, ?3, stashai_now(), stashai_now(), ?4)
        ON CONFLICT (session_id) DO UPDATE SET recorded = recorded + ?4, updated_at = excluded.updated_at, user_id = COALESCE(user_id, excluded.user_id)
        """;

    private const string Columns =
        "SELECT id, public_id, session_id, user_id, action_type, page_path, element_type, element_id, metadata, "
        + "created_at FROM user_interactions";

    private const string ById = $"{Columns} WHERE public_id = ?1";

    private const string All = $"{Columns} WHERE id > ?4 AND id < ?3 ORDER BY id DESC LIMIT ?1 OFFSET ?2";

    private const string OfSession =
        $"{Columns} INDEXED BY user_interactions_by_session WHERE session_id = ?4 AND id < ?3 ORDER BY id DESC LIMIT ?1 OFFSET ?2";

    private const string OfUser =
        $"{Columns} INDEXED BY user_interactions_by_user WHERE user_id = ?4 AND id < ?3 ORDER BY id DESC LIMIT ?1 OFFSET ?2";

    private const string OfSessionAndUser =
        $"{Columns} INDEXED BY user_interactions_by_session WHERE session_id = ?4 AND id < ?3 AND user_id = ?5 "
        + "ORDER BY id DESC LIMIT ?1 OFFSET ?2";

    // The newest of the time; the index has all that is read.
    private const string ActionsOfAll = """
        SELECT action_type, (created_at - ?1) / ?3, COUNT(*), MAX(created_at) FROM (
            SELECT action_type, created_at FROM user_interactions INDEXED BY user_interactions_in_time
            WHERE created_at >= ?1 AND created_at < ?2 ORDER BY created_at DESC LIMIT ?4)
        GROUP BY 1, 2
        """;

    // The newest of the session or the user, of which those of the time are counted; the rest of a long one is older than its edge.
    private const string ActionsOfSession = """
        SELECT action_type, (created_at - ?1) / ?3, COUNT(*), MAX(created_at) FROM (
            SELECT action_type, created_at, user_id FROM user_interactions INDEXED BY user_interactions_by_session
            WHERE session_id = ?5 ORDER BY id DESC LIMIT ?4)
        WHERE created_at >= ?1 AND created_at < ?2 AND (?6 IS NULL OR user_id = ?6) GROUP BY 1, 2
        """;

    private const string ActionsOfUser = """
        SELECT action_type, (created_at - ?1) / ?3, COUNT(*), MAX(created_at) FROM (
            SELECT action_type, created_at FROM user_interactions INDEXED BY user_interactions_by_user
            WHERE user_id = ?5 ORDER BY id DESC LIMIT ?4)
        WHERE created_at >= ?1 AND created_at < ?2 GROUP BY 1, 2
        """;

    // The oldest of the newest so many; null when there are fewer.
    private const string EdgeOfSession = """
        SELECT created_at FROM user_interactions INDEXED BY user_interactions_by_session WHERE session_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2
        """;

    private const string EdgeOfUser = """
        SELECT created_at FROM user_interactions INDEXED BY user_interactions_by_user WHERE user_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2
        """;

    private readonly InteractionGroups groups = new(writer, clock);

    public Task<IReadOnlyList<InteractionView>> AddInteractionsAsync(
        IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken) =>
        groups.AddAsync(interactions, cancellationToken);

    public Task<IReadOnlyList<InteractionView>> ListInteractionsAsync(InteractionFilter filter, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<InteractionView>>(session => List(session, filter), cancellationToken);

    public Task<ActionTable> CountActionsAsync(ActionQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => CountActions(session, query), cancellationToken);

    public Task<InteractionView?> FindInteractionAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Find(session, id), cancellationToken);

    /// <summary>Adds interactions as part of a write operation.</summary>
    public static InteractionView[] Add(SqliteSession session, TimeProvider clock, IReadOnlyList<NewInteraction> interactions)
    {
        var kept = new List<InteractionView>(interactions.Count);
        var counts = new Dictionary<string, (int Count, string? UserId)>(StringComparer.Ordinal);
        foreach (var one in interactions)
        {
            var added = Insert(session, one);
            kept.Add(added ?? Find(session, one.Id)!);
            if (added is null) continue;
            var (count, user) = counts.GetValueOrDefault(one.SessionId);
            counts[one.SessionId] = (count + 1, user ?? one.UserId);
        }

        foreach (var (name, (count, user)) in counts)
            session.Use(CountInSession).Bind(1, name).Bind(2, Guid.CreateVersion7(clock.GetUtcNow())).Bind(3, user).Bind(4, count).Run();
        return [.. kept];
    }

    /// <summary>Inserts an interaction; null when its id exists already.</summary>
    private static InteractionView? Insert(SqliteSession session, NewInteraction one)
    {
        InteractionView? added = null;
        var row = session.Use(InsertOne).Bind(1, one.Id).Bind(2, one.SessionId).Bind(3, one.UserId).Bind(4, one.ActionType)
            .Bind(5, one.PagePath)
            .Bind(6, one.ElementType).Bind(7, one.ElementId).Bind(8, one.Metadata.Span);
        while (row.Step())
        {
            added = new InteractionView(row.Int64(0), one, DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(1)), IsNew: true);
        }

        return added;
    }

    private static InteractionView? Find(SqliteSession session, Guid id)
    {
        var row = session.Use(ById).Bind(1, id);
        if (!row.Step()) return null;
        var found = Read(row);
        row.Reset();
        return found;
    }

    private static List<InteractionView> List(SqliteSession session, InteractionFilter filter)
    {
        var rows = (filter.SessionId, filter.UserId) switch
        {
            (null, null) => session.Use(All).Bind(4, filter.After),
            (null, { } user) => session.Use(OfUser).Bind(4, user),
            ({ } name, null) => session.Use(OfSession).Bind(4, name),
            ({ } name, { } user) => session.Use(OfSessionAndUser).Bind(4, name).Bind(5, user),
        };
        rows.Bind(1, filter.Limit).Bind(2, filter.Offset).Bind(3, filter.Before ?? long.MaxValue);
        var page = new List<InteractionView>();
        while (rows.Step()) page.Add(Read(rows));
        return page;
    }

    private static ActionTable CountActions(SqliteSession session, ActionQuery query)
    {
        var counter = new ActionCounter(query);
        var rows = query switch
        {
            { SessionId: { } name } => session.Use(ActionsOfSession).Bind(5, name).Bind(6, query.UserId),
            { UserId: { } user } => session.Use(ActionsOfUser).Bind(5, user),
            _ => session.Use(ActionsOfAll),
        };
        var from = query.From.ToUnixTimeMilliseconds();
        rows.Bind(1, from).Bind(2, query.To.ToUnixTimeMilliseconds()).Bind(3, query.StepMilliseconds).Bind(4, query.Most);
        while (rows.Step()) counter.Add(rows.Text(0), rows.Int64(1), rows.Int32(2), rows.Int64(3));
        var edge = query switch
        {
            { SessionId: { } name } => session.Use(EdgeOfSession).Bind(1, name).Bind(2, query.Most - 1).Scalar(),
            { UserId: { } user } => session.Use(EdgeOfUser).Bind(1, user).Bind(2, query.Most - 1).Scalar(),
            _ => null,
        };
        return counter.Table(edge >= from);
    }

    private static InteractionView Read(SqliteStatement row) => new(
        row.Int64(0),
        new NewInteraction
        {
            Id = row.Guid(1),
            SessionId = row.Text(2),
            UserId = row.TextOrNull(3),
            ActionType = row.Text(4),
            PagePath = row.TextOrNull(5),
            ElementType = row.TextOrNull(6),
            ElementId = row.TextOrNull(7),
            Metadata = row.IsNull(8) ? default : row.Blob(8),
        },
        DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(9)));
}

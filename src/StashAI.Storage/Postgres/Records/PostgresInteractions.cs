using Npgsql;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Records;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>Interactions of people with a client's pages.</summary>
internal sealed class PostgresInteractions(PostgresDatabase database) : IInteractions
{
    // Locks sessions in the order of their names, so that two calls cannot wait for each other.
    private const string Insert = """
        WITH added AS (
            INSERT INTO user_interactions (public_id, session_id, user_id, action_type, page_path, element_type, element_id, metadata, created_at)
            SELECT i.public_id, i.session_id, i.user_id, i.action_type, i.page_path, i.element_type, i.element_id, i.metadata, stashai_now()
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[]) WITH ORDINALITY
                AS i (public_id, session_id, user_id, action_type, page_path, element_type, element_id, metadata, n)
            ORDER BY i.n
            ON CONFLICT (public_id) DO NOTHING
            RETURNING public_id, session_id, user_id),
        counted AS (
            INSERT INTO user_sessions (session_id, public_id, user_id, started_at, updated_at, recorded)
            SELECT a.session_id, k.public_id, MIN(a.user_id), stashai_now(), stashai_now(), COUNT(*)
            FROM added a JOIN unnest($9::text[], $10::uuid[]) AS k (session_id, public_id) ON k.session_id = a.session_id
            GROUP BY a.session_id, k.public_id ORDER BY a.session_id
            ON CONFLICT (session_id) DO UPDATE SET recorded = user_sessions.recorded + excluded.recorded, updated_at = excluded.updated_at,
                user_id = COALESCE(user_sessions.user_id, excluded.user_id))
        SELECT public_id FROM added
        """;

    private const string Columns = """
        SELECT id, public_id, session_id, user_id, action_type, page_path, element_type, element_id, metadata, created_at FROM user_interactions
        """;

    private const string ByIds = $"{Columns} WHERE public_id = ANY($1::uuid[])";

    private const string All = $"{Columns} WHERE id > $4 AND id < $3 ORDER BY id DESC LIMIT $1 OFFSET $2";

    private const string OfSession = $"{Columns} WHERE session_id = $4 AND id < $3 ORDER BY session_id DESC, id DESC LIMIT $1 OFFSET $2";

    private const string OfUser = $"{Columns} WHERE user_id = $4 AND id < $3 ORDER BY user_id DESC, id DESC LIMIT $1 OFFSET $2";

    private const string OfSessionAndUser =
        $"{Columns} WHERE session_id = $4 AND id < $3 AND user_id = $5 ORDER BY session_id DESC, id DESC LIMIT $1 OFFSET $2";

    // The newest of the time; the index has all that is read.
    private const string ActionsOfAll = """
        SELECT a.action_type, (a.created_at - $1) / $3::bigint, COUNT(*)::integer, MAX(a.created_at) FROM (
            SELECT action_type, created_at FROM user_interactions
            WHERE created_at >= $1 AND created_at < $2 ORDER BY created_at DESC, action_type DESC LIMIT $4) AS a
        GROUP BY 1, 2
        """;

    // As with lists of jobs, only the index over both columns can compare and order so.
    // The newest of the session or the user, of which those of the time are counted; the rest of a long one is older than its edge.
    private const string ActionsOfSession = """
        SELECT a.action_type, (a.created_at - $1::bigint) / $3::bigint, COUNT(*)::integer, MAX(a.created_at) FROM (
            SELECT action_type, created_at, user_id FROM user_interactions
            WHERE (session_id, id) > ($5, 0::bigint) AND (session_id, id) < ($5, 9223372036854775807)
            ORDER BY session_id DESC, id DESC LIMIT $4) AS a
        WHERE a.created_at >= $1::bigint AND a.created_at < $2::bigint AND ($6::text IS NULL OR a.user_id = $6) GROUP BY 1, 2
        """;

    private const string ActionsOfUser = """
        SELECT a.action_type, (a.created_at - $1::bigint) / $3::bigint, COUNT(*)::integer, MAX(a.created_at) FROM (
            SELECT action_type, created_at FROM user_interactions
            WHERE (user_id, id) > ($5, 0::bigint) AND (user_id, id) < ($5, 9223372036854775807) AND user_id IS NOT NULL
            ORDER BY user_id DESC, id DESC LIMIT $4) AS a
        WHERE a.created_at >= $1::bigint AND a.created_at < $2::bigint GROUP BY 1, 2
        """;

    // The oldest of the newest so many; none when there are fewer.
    private const string EdgeOfSession = """
        SELECT created_at FROM user_interactions WHERE (session_id, id) > ($1, 0::bigint) AND (session_id, id) < ($1, 9223372036854775807)
        ORDER BY session_id DESC, id DESC LIMIT 1 OFFSET $2
        """;

    private const string EdgeOfUser = """
        SELECT created_at FROM user_interactions
        WHERE (user_id, id) > ($1, 0::bigint) AND (user_id, id) < ($1, 9223372036854775807) AND user_id IS NOT NULL
        ORDER BY user_id DESC, id DESC LIMIT 1 OFFSET $2
        """;

    public async Task<IReadOnlyList<InteractionView>> AddInteractionsAsync(
        IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var names = interactions.Select(one => PostgresText.ToStorable(one.SessionId)!).Distinct(StringComparer.Ordinal).ToArray();
        var ids = interactions.Select(one => one.Id).ToArray();
        var added = new HashSet<Guid>();
        var kept = new Dictionary<Guid, InteractionView>();
        await using var batch = session.Batch().Add(
            Insert,
            Value(ids),
            Texts(interactions, one => one.SessionId),
            Texts(interactions, one => one.UserId),
            Texts(interactions, one => one.ActionType),
            Texts(interactions, one => one.PagePath),
            Texts(interactions, one => one.ElementType),
            Texts(interactions, one => one.ElementId),
            Value(interactions.Select(one => one.Metadata.ToArray()).ToArray()),
            Value(names),
            Value(names.Select(_ => Guid.CreateVersion7(database.Clock.GetUtcNow())).ToArray())).Add(ByIds, Value(ids));
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) added.Add(rows.GetGuid(0));
        await rows.NextResultAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var view = Read(rows);
            kept[view.Interaction.Id] = view with { IsNew = added.Contains(view.Interaction.Id) };
        }

        return [.. ids.Select(id => kept[id])];
    }

    public async Task<InteractionView?> FindInteractionAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ByIds, Value<Guid[]>([id]));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<InteractionView>> ListInteractionsAsync(InteractionFilter filter, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var (limit, offset, before) = (Value(filter.Limit), Value(filter.Offset), Value(filter.Before ?? long.MaxValue));
        await using var batch = session.Batch();
        if (filter is { SessionId: not null, UserId: not null })
        {
            batch.Add(OfSessionAndUser, limit, offset, before, Text(filter.SessionId), Text(filter.UserId));
        }
        else if (filter.SessionId is { } name)
        {
            batch.Add(OfSession, limit, offset, before, Text(name));
        }
        else if (filter.UserId is { } user)
        {
            batch.Add(OfUser, limit, offset, before, Text(user));
        }
        else
        {
            batch.Add(All, limit, offset, before, Value(filter.After));
        }

        return await PostgresRows.ListAsync(batch, Read, cancellationToken);
    }

    public async Task<ActionTable> CountActionsAsync(ActionQuery query, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        var from = query.From.ToUnixTimeMilliseconds();
        NpgsqlParameter[] all = [Value(from), Value(query.To.ToUnixTimeMilliseconds()), Value(query.StepMilliseconds), Value(query.Most)];
        if (query.SessionId is { } name)
        {
            batch.Add(ActionsOfSession, [.. all, Text(name), Text(query.UserId)]).Add(EdgeOfSession, Text(name), Value(query.Most - 1));
        }
        else if (query.UserId is { } user)
        {
            batch.Add(ActionsOfUser, [.. all, Text(user)]).Add(EdgeOfUser, Text(user), Value(query.Most - 1));
        }
        else
        {
            batch.Add(ActionsOfAll, all);
        }

        var counter = new ActionCounter(query);
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            counter.Add(rows.GetString(0), rows.GetInt64(1), rows.GetInt32(2), rows.GetInt64(3));
        var isCut = await rows.NextResultAsync(cancellationToken) && await rows.ReadAsync(cancellationToken) && rows.GetInt64(0) >= from;
        return counter.Table(isCut);
    }

    private static NpgsqlParameter Texts(IReadOnlyList<NewInteraction> interactions, Func<NewInteraction, string?> text) =>
        Value(interactions.Select(one => PostgresText.ToStorable(text(one))).ToArray());

    private static InteractionView Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new NewInteraction
        {
            Id = row.GetGuid(1),
            SessionId = row.GetString(2),
            UserId = PostgresRows.TextOrNull(row, 3),
            ActionType = row.GetString(4),
            PagePath = PostgresRows.TextOrNull(row, 5),
            ElementType = PostgresRows.TextOrNull(row, 6),
            ElementId = PostgresRows.TextOrNull(row, 7),
            Metadata = row.IsDBNull(8) ? default : row.GetFieldValue<byte[]>(8),
        },
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)));
}

using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Queue.Model.Interactions;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>
/// Groups interactions, which many clients send one by one. Interactions that wait for the writer at the same time become one operation,
/// which counts each session once. None waits for more to arrive.
/// </summary>
internal sealed class InteractionGroups(SqliteWriter writer, TimeProvider clock)
{
    /// <summary>The most interactions of one request in a group; a longer list is written separately.</summary>
    private const int MaxGrouped = 64;

    private readonly Lock gate = new();
    private Group? open;

    public async Task<IReadOnlyList<InteractionView>> AddAsync(
        IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken)
    {
        if (interactions.Count > MaxGrouped) return await AddSeparatelyAsync(interactions, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var (group, place) = Join(interactions);
        try
        {
            return (await group.Stored)[place..(place + interactions.Count)];
        }
        catch (SqliteException exception) when (!group.HasOneRequest
            && (exception.SqliteErrorCode == raw.SQLITE_CONSTRAINT || StoreTroubles.Of(exception) == StoreTrouble.None))
        {
            // Another request of the group may be at fault, even when a constraint counts as an error of the database.
            return await AddSeparatelyAsync(interactions, cancellationToken);
        }
    }

    private (Group Group, int Place) Join(IReadOnlyList<NewInteraction> interactions)
    {
        lock (gate)
        {
            // A group that failed before the writer reached it is not open either.
            if (open is { Stored.IsCompleted: false } waiting) return (waiting, waiting.Add(interactions));
            var group = new Group();
            var place = group.Add(interactions);
            group.Stored = writer.RunAsync(session => SqliteInteractions.Add(session, clock, Close(group)), CancellationToken.None);
            open = group;
            return (group, place);
        }
    }

    /// <summary>Closes a group that the writer has reached; later interactions go into the next one.</summary>
    private List<NewInteraction> Close(Group group)
    {
        lock (gate) open = null;
        return group.Interactions;
    }

    private async Task<IReadOnlyList<InteractionView>> AddSeparatelyAsync(
        IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken) =>
        await writer.RunAsync(session => SqliteInteractions.Add(session, clock, interactions), cancellationToken);

    private sealed class Group
    {
        private int requests;

        public List<NewInteraction> Interactions { get; } = [];

        public Task<InteractionView[]> Stored { get; set; } = null!;

        public bool HasOneRequest => requests == 1;

        public int Add(IReadOnlyList<NewInteraction> interactions)
        {
            requests++;
            var place = Interactions.Count;
            Interactions.AddRange(interactions);
            return place;
        }
    }
}

using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Queue.Model.Interactions;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>
/// Interactions come one by one from many clients at once. Those that wait for the writer together become one operation of it, which counts each of their
/// sessions once. Nobody waits for more to come.
/// </summary>
internal sealed class InteractionGroups(SqliteWriter writer, TimeProvider clock)
{
    /// <summary>A longer list is an operation of its own.</summary>
    private const int Most = 64;

    private readonly Lock gate = new();
    private Group? open;

    public async Task<IReadOnlyList<InteractionView>> AddAsync(IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken)
    {
        if (interactions.Count > Most) return await AloneAsync(interactions, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var (group, place) = Join(interactions);
        try
        {
            return (await group.Kept)[place..(place + interactions.Count)];
        }
        catch (SqliteException exception) when (!group.IsOne && (exception.SqliteErrorCode == raw.SQLITE_CONSTRAINT || StoreTroubles.Of(exception) == StoreTrouble.None))
        {
            // One of the others may be to blame, also where a constraint counts as trouble of the database.
            return await AloneAsync(interactions, cancellationToken);
        }
    }

    private (Group Group, int Place) Join(IReadOnlyList<NewInteraction> interactions)
    {
        lock (gate)
        {
            // One that failed before the writer came to it is not open either.
            if (open is { Kept.IsCompleted: false } waiting) return (waiting, waiting.Add(interactions));
            var group = new Group();
            var place = group.Add(interactions);
            group.Kept = writer.RunAsync(session => SqliteInteractions.Add(session, clock, Close(group)), CancellationToken.None);
            open = group;
            return (group, place);
        }
    }

    /// <summary>The writer has come to it: who comes from now on is in the next.</summary>
    private List<NewInteraction> Close(Group group)
    {
        lock (gate) open = null;
        return group.Interactions;
    }

    private async Task<IReadOnlyList<InteractionView>> AloneAsync(IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken) =>
        await writer.RunAsync(session => SqliteInteractions.Add(session, clock, interactions), cancellationToken);

    private sealed class Group
    {
        private int requests;

        public List<NewInteraction> Interactions { get; } = [];

        public Task<InteractionView[]> Kept { get; set; } = null!;

        public bool IsOne => requests == 1;

        public int Add(IReadOnlyList<NewInteraction> interactions)
        {
            requests++;
            var place = Interactions.Count;
            Interactions.AddRange(interactions);
            return place;
        }
    }
}

using System.Text;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Interactions and sessions: kept once, counted right, listed newest first.</summary>
public abstract class SessionContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task Actions_are_counted_over_time_as_a_model_counts_them()
    {
        var random = new Random(3);
        var start = Clock.GetUtcNow();
        var all = new List<InteractionView>();
        for (var i = 0; i < 150; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(random.Next(0, 40)));
            all.AddRange(await Store.Interactions.AddInteractionsAsync(
                [
                    new NewInteraction
                    {
                        Id = Guid.NewGuid(),
                        SessionId = $"s{random.Next(4)}",
                        UserId = random.Next(3) == 0 ? null : $"u{random.Next(2)}",
                        ActionType = $"a{random.Next(6) * random.Next(6)}",
                    },
                ],
                Cancellation));
        }

        for (var i = 0; i < 100; i++)
        {
            var from = start.AddMilliseconds(random.Next(0, 2_000_000));
            var query = new ActionQuery(from, from.AddMilliseconds(random.Next(1, 3_000_000)), random.Next(1, 60))
            {
                SessionId = random.Next(2) == 0 ? $"s{random.Next(5)}" : null,
                UserId = random.Next(2) == 0 ? $"u{random.Next(3)}" : null,
            };
            var expected = all.Where(one => one.CreatedAt >= query.From && one.CreatedAt < query.To
                    && (query.SessionId is null || one.Interaction.SessionId == query.SessionId)
                    && (query.UserId is null || one.Interaction.UserId == query.UserId))
                .GroupBy(one => one.Interaction.ActionType)
                .Select(action => (Name: action.Key, Count: action.Count(), Last: action.Max(one => one.CreatedAt),
                    Steps: string.Join(' ', Enumerable.Range(0, query.Steps).Select(step => action.Count(one =>
                        (long)(one.CreatedAt - query.From).TotalMilliseconds / query.StepMilliseconds == step)))))
                .OrderByDescending(action => action.Count).ThenBy(action => action.Name, StringComparer.Ordinal);

            var table = await Store.Interactions.CountActionsAsync(query, Cancellation);

            Assert.True(table.IsComplete);
            Assert.Equal(expected, table.Actions.Select(one => (one.Action, one.Count, one.LastAt, string.Join(' ', one.Steps))));
        }
    }

    [Fact]
    public async Task An_interaction_is_kept_once_and_counted_once()
    {
        var one = New("s1", "u1") with { PagePath = "/p", ElementType = "button", ElementId = "b", Metadata = """{"x":1}"""u8.ToArray() };

        var first = Assert.Single(await Store.Interactions.AddInteractionsAsync([one], Cancellation));
        var again = Assert.Single(await Store.Interactions.AddInteractionsAsync([one], Cancellation));

        Assert.True(first.IsNew);
        Assert.False(again.IsNew);
        Assert.Equal(first.Key, again.Key);
        Assert.Equal(Clock.GetUtcNow(), first.CreatedAt);
        var found = (await Store.Interactions.FindInteractionAsync(one.Id, Cancellation))!;
        Assert.Equal("""{"x":1}""", Encoding.UTF8.GetString(found.Interaction.Metadata.Span));
        Assert.Equal(one, found.Interaction with { Metadata = one.Metadata });
        Assert.Equal(1, (await Store.Sessions.FindSessionAsync("s1", Cancellation))!.Recorded);
        Assert.Null(await Store.Interactions.FindInteractionAsync(Guid.CreateVersion7(), Cancellation));
        Assert.Null(await Store.Sessions.FindSessionAsync("s2", Cancellation));
    }

    [Fact]
    public async Task Sessions_count_right_while_two_processes_write()
    {
        var other = await OpenAnotherAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
        {
            // Names in every order: whoever locked them as they came would wait for the other for ever.
            string[] names = i % 2 == 0 ? ["a", "b", "c"] : ["c", "b", "a"];
            return (i % 4 < 2 ? Store : other).Interactions.AddInteractionsAsync([.. names.Select(name => New(name, null))], Cancellation);
        }));

        foreach (var name in (string[])["a", "b", "c"])
            Assert.Equal(40, (await Store.Sessions.FindSessionAsync(name, Cancellation))!.Recorded);
    }

    [Fact]
    public async Task A_session_takes_what_is_said_and_its_counts_never_fall()
    {
        var made = Assert.Single(await Store.Sessions.SaveSessionsAsync(
            [new SessionUpdate { SessionId = "s", UserId = "u", PageViews = 3, TotalInteractions = 7, Metadata = "{}"u8.ToArray() }],
            Cancellation));
        Clock.Advance(TimeSpan.FromMinutes(1));
        var end = Clock.GetUtcNow();
        var changed = Assert.Single(
            await Store.Sessions.SaveSessionsAsync([new SessionUpdate { SessionId = "s", PageViews = 1, EndTime = end }], Cancellation));

        Assert.Equal(made.Id, changed.Id);
        Assert.Equal(("u", 3, 7, end), (changed.UserId, changed.PageViews, changed.TotalInteractions, changed.EndTime));
        Assert.Equal("{}", Encoding.UTF8.GetString(changed.Metadata.Span));
        Assert.Equal(made.StartedAt, changed.StartedAt);
        Assert.Equal(end, changed.UpdatedAt);
        Assert.Equal(changed.SessionId, (await Store.Sessions.FindSessionAsync(made.Id, Cancellation))!.SessionId);

        await Store.Interactions.AddInteractionsAsync([.. Enumerable.Range(0, 9).Select(_ => New("s", null))], Cancellation);
        var counted = (await Store.Sessions.FindSessionAsync("s", Cancellation))!;
        Assert.Equal((9, 9), (counted.Recorded, counted.TotalInteractions));
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged()
    {
        await Store.Interactions.AddInteractionsAsync(
            [.. Enumerable.Range(0, 12).Select(i => New($"s{i % 2}", $"u{i % 3}", $"a{i}"))], Cancellation);

        Assert.Equal(["a11", "a10"], await ActionsAsync(null, null, limit: 2));
        Assert.Equal(["a9", "a7"], await ActionsAsync("s1", null, limit: 2, offset: 1));
        Assert.Equal(["a11", "a8", "a5", "a2"], await ActionsAsync(null, "u2"));
        Assert.Equal(["a8", "a2"], await ActionsAsync("s0", "u2"));
        var fifth = (await Store.Interactions.ListInteractionsAsync(new InteractionFilter("s1", null, null, 5, 0), Cancellation))[^1];
        Assert.Equal(
            ["a1"],
            [.. (await Store.Interactions.ListInteractionsAsync(new InteractionFilter("s1", null, fifth.Key, 9, 0), Cancellation))
                .Select(one => one.Interaction.ActionType)]);
        Assert.Equal(2, (await Store.Sessions.ListSessionsAsync(null, 9, 0, Cancellation)).Count);
        Assert.Single(await Store.Sessions.ListSessionsAsync(null, 9, 1, Cancellation));
        Assert.Empty(await Store.Sessions.ListSessionsAsync("nobody", 9, 0, Cancellation));
    }

    [Fact]
    public async Task Text_of_any_kind_is_kept()
    {
        var odd = "a\0b\ud83d\ude00'\"";
        await Store.Interactions.AddInteractionsAsync([New(odd, odd, odd)], Cancellation);

        Assert.Single(await Store.Interactions.ListInteractionsAsync(new InteractionFilter(odd, odd, null, 9, 0), Cancellation));
        Assert.NotNull(await Store.Sessions.FindSessionAsync(odd, Cancellation));
    }

    private async Task<string[]> ActionsAsync(string? session, string? user, int limit = 100, int offset = 0) =>
        [.. (await Store.Interactions.ListInteractionsAsync(new InteractionFilter(session, user, null, limit, offset), Cancellation))
            .Select(one => one.Interaction.ActionType)];

    private static NewInteraction New(string session, string? user, string action = "click") =>
        new() { Id = Guid.CreateVersion7(), SessionId = session, UserId = user, ActionType = action };
}

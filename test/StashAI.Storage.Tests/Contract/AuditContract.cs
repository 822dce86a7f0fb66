using StashAI.Queue.Model.Audit;

namespace StashAI.Storage.Tests.Contract;

/// <summary>The log of changes by people.</summary>
public abstract class AuditContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task Entries_are_listed_in_pages_newest_first_by_every_process()
    {
        var full = new AuditEntry("laptop", "cancel", "job", "an id", "10.0.0.1", """{"tasks":2}""");
        await Store.Audit.AddAuditAsync(full, Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Store.Audit.AddAuditAsync(new AuditEntry("local", "pause", "queue", null, null, null), Cancellation);
        await Store.Audit.AddAuditAsync(new AuditEntry("anonymous", "retry", "task", "x", "::1", null), Cancellation);

        var other = await OpenAnotherAsync();
        var first = await other.Audit.ListAuditAsync(long.MaxValue, 2, Cancellation);
        var second = await other.Audit.ListAuditAsync(first[^1].Key, 2, Cancellation);

        Assert.Equal(["retry", "pause", "cancel"], first.Concat(second).Select(entry => entry.Action));
        Assert.Equal(full with { Key = second[0].Key, At = Clock.GetUtcNow().AddSeconds(-1) }, second[0]);
        Assert.Equal((null, null, null), (first[1].TargetId, first[1].Address, first[1].Details));
    }

    [Fact]
    public async Task Every_combination_of_filters_finds_its_entries_page_by_page()
    {
        var random = new Random(5);
        string[] words = ["cancel", "retry", "100%", "a_b", "Ålesund"];
        for (var i = 0; i < 200; i++)
        {
            if (random.Next(3) == 0) Clock.Advance(TimeSpan.FromSeconds(random.Next(1, 5)));
            await Store.Audit.AddAuditAsync(
                new AuditEntry(Word(), Word(), Word(), random.Next(4) == 0 ? null : Word(), null, null), Cancellation);
        }

        var all = await Store.Audit.ListAuditAsync(long.MaxValue, 1000, Cancellation);
        for (var i = 0; i < 200; i++)
        {
            var query = new AuditQuery
            {
                Who = Maybe(),
                Action = Maybe(),
                TargetKind = Maybe(),
                TargetId = Maybe(),
                After = random.Next(3) == 0 ? all[random.Next(all.Count)].At : null,
                Before = random.Next(3) == 0 ? all[random.Next(all.Count)].At : null,
                Limit = random.Next(1, 30),
            };
            var expected = all.Where(entry => (query.Who ?? entry.Who) == entry.Who && (query.Action ?? entry.Action) == entry.Action
                && (query.TargetKind ?? entry.TargetKind) == entry.TargetKind && (query.TargetId ?? entry.TargetId) == entry.TargetId
                && !(entry.At <= query.After) && !(entry.At >= query.Before)).ToList();
            var found = new List<AuditEntry>();
            for (long? next = long.MaxValue; next is { } before;)
            {
                var page = await Store.Audit.QueryAuditAsync(query with { BeforeKey = before }, Cancellation);
                Assert.InRange(page.Entries.Count, 0, query.Limit);
                if (before == long.MaxValue) Assert.Equal((expected.Count, true), (page.Matches, page.IsComplete));
                found.AddRange(page.Entries);
                next = page.Next;
            }

            Assert.Equal(expected, found);
        }

        string Word() => words[random.Next(words.Length)];
        string? Maybe() => random.Next(3) == 0 ? Word() : null;
    }

    [Fact]
    public async Task Old_entries_are_removed_in_steps()
    {
        for (var i = 0; i < 3; i++) await Store.Audit.AddAuditAsync(new AuditEntry("a", "b", "c", null, null, null), Cancellation);
        await PassAsync(TimeSpan.FromHours(1));
        await Store.Audit.AddAuditAsync(new AuditEntry("a", "new", "c", null, null, null), Cancellation);

        Assert.Equal(2, await Store.Audit.RemoveAuditAsync(TimeSpan.FromMinutes(30), 2, Cancellation));
        Assert.Equal(1, await Store.Audit.RemoveAuditAsync(TimeSpan.FromMinutes(30), 2, Cancellation));
        Assert.Equal(0, await Store.Audit.RemoveAuditAsync(TimeSpan.FromMinutes(30), 2, Cancellation));

        Assert.Equal("new", Assert.Single(await Store.Audit.ListAuditAsync(long.MaxValue, 9, Cancellation)).Action);
    }
}

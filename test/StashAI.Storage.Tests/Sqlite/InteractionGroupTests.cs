using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>Interactions of several requests that wait for the writer together.</summary>
public sealed class InteractionGroupTests : IAsyncLifetime
{
    private readonly SqliteHost host = new();
    private IQueueStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => store = await host.OpenAsync(new FakeTimeProvider(), Cancellation);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Each_request_gets_its_own_and_every_one_is_counted()
    {
        var requests = await WhileLockedAsync(() => Enumerable.Range(0, 60).Select(i => store.Interactions.AddInteractionsAsync(
            [.. Enumerable.Range(0, 1 + (i % 3)).Select(n => New($"s{i % 4}", $"{i}.{n}"))], Cancellation)));

        var answers = await Task.WhenAll(requests);

        Assert.All(answers.Index(), answer => Assert.Equal(
            Enumerable.Range(0, 1 + (answer.Index % 3)).Select(n => $"{answer.Index}.{n}"),
            answer.Item.Select(one => one.Interaction.ActionType)));
        Assert.Equal(120, answers.SelectMany(answer => answer).Select(one => one.Key).Distinct().Count());
        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => store.Sessions.FindSessionAsync($"s{i}", Cancellation)));
        Assert.Equal(120, counts.Sum(session => session!.Recorded));
    }

    [Fact]
    public async Task One_that_cannot_be_kept_takes_no_other_with_it()
    {
        var requests = await WhileLockedAsync(() => Enumerable.Range(0, 10)
            .Select(i => store.Interactions.AddInteractionsAsync([New("s", i == 4 ? null! : "click")], Cancellation)));

        for (var i = 0; i < requests.Count; i++)
        {
            if (i == 4) await Assert.ThrowsAsync<SqliteException>(() => requests[4]);
            else Assert.True(Assert.Single(await requests[i]).IsNew);
        }

        Assert.Equal(9, (await store.Sessions.FindSessionAsync("s", Cancellation))!.Recorded);
    }

    /// <summary>Begins requests while the writer cannot write, so that they wait for it together.</summary>
    private async Task<List<Task<IReadOnlyList<InteractionView>>>> WhileLockedAsync(
        Func<IEnumerable<Task<IReadOnlyList<InteractionView>>>> begin)
    {
        await using var other = new SqliteConnection($"Data Source={host.Path};Pooling=False");
        await other.OpenAsync(Cancellation);
        await RunAsync(other, "BEGIN IMMEDIATE");
        var requests = begin().ToList();
        await RunAsync(other, "ROLLBACK");
        return requests;
    }

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static NewInteraction New(string session, string action) =>
        new() { Id = Guid.CreateVersion7(), SessionId = session, ActionType = action };
}

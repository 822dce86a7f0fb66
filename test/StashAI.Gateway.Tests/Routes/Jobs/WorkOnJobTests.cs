using StashAI.Gateway.Routes.Jobs;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary>Work on a job and its operation are read one after the other, while both go on.</summary>
public sealed class WorkOnJobTests
{
    [Theory]
    [InlineData(0, "over 1, Completed")]
    [InlineData(1, "over 1, Completed")]
    [InlineData(2, "running 1, Running")]
    public async Task Work_that_ends_between_the_reads_is_not_shown_as_given_up(int readsBeforeEnd, string expected)
    {
        var reads = 0;

        var read = await WorkOnJob.ReadAsync(
            () => Task.FromResult<Work?>(new Work(1, reads++ >= readsBeforeEnd)), work => work.IsOver, work => work.Bulk,
            key => Task.FromResult<BulkOperation?>(Bulk(key, reads++ >= readsBeforeEnd ? BulkState.Completed : BulkState.Running)));

        Assert.Equal(expected, Text(read));
    }

    [Fact]
    public async Task Work_that_its_operation_gave_up_is_shown_so_and_a_later_operation_is_shown_when_it_took_over()
    {
        Assert.Equal("running 1, Failed", Text(await ReadAsync([new Work(1, false)])));
        Assert.Equal("running 2, Failed", Text(await ReadAsync([new Work(1, false), new Work(2, false)])));
        Assert.Equal("over 2, Failed", Text(await ReadAsync([new Work(1, false), new Work(2, true)])));
        Assert.Equal("", Text(await ReadAsync([null])));
        Assert.Equal("", Text(await ReadAsync([new Work(1, false), null])));
    }

    /// <summary>Reads works one after the other, the last one again and again; their operations have failed.</summary>
    private static Task<(Work Work, BulkOperation? Bulk)?> ReadAsync(Work?[] works)
    {
        var reads = 0;
        return WorkOnJob.ReadAsync(
            () => Task.FromResult(works[Math.Min(reads++, works.Length - 1)]), work => work.IsOver, work => work.Bulk,
            key => Task.FromResult<BulkOperation?>(Bulk(key, BulkState.Failed)));
    }

    private static string Text((Work Work, BulkOperation? Bulk)? read) => read is { } found
        ? $"{(found.Work.IsOver ? "over" : "running")} {found.Work.Bulk}, {found.Bulk?.State}" : "";

    private static BulkOperation Bulk(long key, BulkState state) => new()
    {
        Key = key,
        Id = Guid.Empty,
        Action = BulkAction.Rematch,
        Filter = "{}",
        Query = new JobQuery { Limit = 1 },
        CreatedAt = DateTimeOffset.UnixEpoch,
        LastJob = 0,
        State = state,
    };

    private sealed record Work(long Bulk, bool IsOver);
}

using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Groups of what results show of unknown subjects: one set for each job, stored whole, removed with what they are of.</summary>
public abstract class GroupingContract(IStoreHost host) : StoreContract(host)
{
    private static readonly Guid Me = Guid.NewGuid();
    private static readonly TimeSpan WorkerLease = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_grouping_keeps_all_that_it_needs_and_ends_with_its_groups()
    {
        var (one, other) = (await EndedAsync(3), await EndedAsync(2));
        var begun = await BeginAsync(one, 0.7, one, other);

        await Store.Groupings.SaveGroupingAsync(begun with { Done = 3 }, Cancellation);
        var found = (await (await OpenAnotherAsync()).Groupings.FindGroupingAsync(one.Key, Cancellation))!;
        Assert.Equivalent(
            begun with { Done = 3, StartedAt = Clock.GetUtcNow(), UpdatedAt = Clock.GetUtcNow() }, found, strict: true);
        Assert.Null(await Store.Groupings.FindGroupingAsync(other.Key, Cancellation));
        Assert.Empty(await Store.Groupings.ListGroupsAsync(one.Key, 0, 10, Cancellation));

        Assert.True(await Store.Groupings.EndGroupingAsync(
            found with { Done = 5, Parts = 9, Unknown = 8, Version = 4 },
            [Group(0, Key(one, 0), Key(one, 2), Key(other, 1)), Group(1, Key(other, 0), Key(other, 0))], Cancellation));

        found = (await Store.Groupings.FindGroupingAsync(one.Key, Cancellation))!;
        Assert.Equal((true, 5, 9, 8, 2, 4L), (found.IsOver, found.Done, found.Parts, found.Unknown, found.Groups, found.Version));
        var groups = await Store.Groupings.ListGroupsAsync(one.Key, 0, 10, Cancellation);
        Assert.Equal([new(0, 3, 3, 1), new(1, 2, 1, 1)], groups);
        Assert.Equal([groups[1]], await Store.Groupings.ListGroupsAsync(one.Key, 1, 10, Cancellation));
        Assert.Equal([groups[0]], await Store.Groupings.ListGroupsAsync(one.Key, 0, 1, Cancellation));
        Assert.Equal(
            [new(0, 0, Key(one, 0), 0), new(0, 1, Key(one, 2), 10), new(1, 0, Key(other, 0), 0), new(1, 1, Key(other, 0), 10)],
            await Store.Groupings.ListMembersAsync(one.Key, 0, 1, 0, 2, Cancellation));
        Assert.Equal(
            [new(0, 2, Key(other, 1), 20)], await Store.Groupings.ListMembersAsync(one.Key, 0, 0, 2, 9, Cancellation));
    }

    [Fact]
    public async Task A_later_grouping_replaces_an_earlier_one_which_can_store_nothing_any_more()
    {
        var job = await EndedAsync(2);
        var earlier = await BeginAsync(job, null, job);
        Assert.True(await Store.Groupings.EndGroupingAsync(earlier with { Version = 1 }, [Group(0, Key(job, 0))], Cancellation));

        var later = await BeginAsync(job, 0.5, job);

        Assert.Empty(await Store.Groupings.ListGroupsAsync(job.Key, 0, 10, Cancellation));
        Assert.Empty(await Store.Groupings.ListMembersAsync(job.Key, 0, 9, 0, 9, Cancellation));
        await Store.Groupings.BeginGroupingAsync(earlier, Cancellation);
        await Store.Groupings.SaveGroupingAsync(earlier with { Done = 9 }, Cancellation);
        Assert.False(await Store.Groupings.EndGroupingAsync(earlier with { Version = 1 }, [Group(0, Key(job, 0))], Cancellation));
        var found = (await Store.Groupings.FindGroupingAsync(job.Key, Cancellation))!;
        Assert.Equal((later.BulkKey, 0, false, null), (found.BulkKey, found.Done, found.IsOver, found.Version));
        Assert.True(await Store.Groupings.EndGroupingAsync(later with { Version = 2 }, [Group(0, Key(job, 1))], Cancellation));
        Assert.False(await Store.Groupings.EndGroupingAsync(later with { Version = 3 }, [Group(0, Key(job, 0))], Cancellation));
        Assert.Single(await Store.Groupings.ListGroupsAsync(job.Key, 0, 10, Cancellation));
    }

    [Fact]
    public async Task A_group_gets_the_subject_that_was_expected_only()
    {
        var job = await EndedAsync(1);
        var grouping = await BeginAsync(job, null, job);
        Assert.False(await NameAsync(grouping, null, "ann", false));
        await Store.Groupings.EndGroupingAsync(grouping with { Version = 1 }, [Group(0, Key(job, 0))], Cancellation);

        Assert.True(await NameAsync(grouping, null, "ann", false));
        Assert.False(await NameAsync(grouping, null, "bo", false));
        Assert.True(await NameAsync(grouping, "ann", "ann", true));
        Assert.Equal(
            ("ann", true),
            await Store.Groupings.ListGroupsAsync(job.Key, 0, 1, Cancellation) is [var named] ? (named.Subject, named.IsNamed) : default);
        Assert.False(await NameAsync(grouping with { BulkKey = grouping.BulkKey + 1 }, "ann", "bo", true));
        Assert.True(await NameAsync(grouping, "ann", null, false));
    }

    [Fact]
    public async Task Groups_go_with_their_job_and_members_with_their_tasks()
    {
        var (one, other, third) = (await EndedAsync(2), await EndedAsync(2), await EndedAsync(1));
        var grouping = await BeginAsync(one, null, one, other);
        await Store.Groupings.EndGroupingAsync(
            grouping with { Version = 1 }, [Group(0, Key(one, 0), Key(other, 0), Key(other, 1))], Cancellation);
        var foreign = await BeginAsync(third, null, third, one);
        await Store.Groupings.EndGroupingAsync(foreign with { Version = 1 }, [Group(0, Key(third, 0), Key(one, 1))], Cancellation);

        await RemoveAsync(other);
        Assert.Equal([Key(one, 0)], await MembersAsync(one));
        await RemoveAsync(one);

        Assert.Null(await Store.Groupings.FindGroupingAsync(one.Key, Cancellation));
        Assert.Empty(await Store.Groupings.ListGroupsAsync(one.Key, 0, 9, Cancellation));
        Assert.Equal([Key(third, 0)], await MembersAsync(third));
        var rows = Host.CountRows();
        Assert.Equal((1L, 1L, 1L), (rows["job_groupings"], rows["job_groups"], rows["job_group_members"]));
        await Store.Groupings.BeginGroupingAsync(grouping with { BulkKey = long.MaxValue }, Cancellation);
        Assert.Null(await Store.Groupings.FindGroupingAsync(one.Key, Cancellation));
    }

    [Fact]
    public async Task What_calls_computed_is_read_in_pages()
    {
        var job = await EndedAsync(2);

        var read = await Store.Groupings.ReadDerivedAsync(job.Key, 0, Cancellation);

        Assert.Equal([(Key(job, 0), 7), (Key(job, 1), 7)], read.Select(result => (result.TaskKey, (int)result.Derived.Span[0])));
        Assert.Equal([Key(job, 1)], (await Store.Groupings.ReadDerivedAsync(job.Key, 1, Cancellation)).Select(result => result.TaskKey));
        Assert.Empty(await Store.Groupings.ReadDerivedAsync(job.Key, 2, Cancellation));
    }

    [Fact]
    public async Task Operations_that_group_are_taken_apart_from_the_others()
    {
        var rematch = await AddAsync(BulkAction.Rematch);
        var grouping = await AddAsync(BulkAction.Group);

        Assert.Equal(grouping.Id, (await Store.Bulk.TakeGroupingAsync(Me, WorkerLease, Cancellation))!.Id);
        Assert.Null(await Store.Bulk.TakeGroupingAsync(Guid.NewGuid(), WorkerLease, Cancellation));
        Assert.Equal(rematch.Id, (await Store.Bulk.TakeBulkAsync(Me, WorkerLease, Cancellation))!.Id);
        Assert.Null(await Store.Bulk.TakeBulkAsync(Guid.NewGuid(), WorkerLease, Cancellation));
    }

    private static long Key(EnqueuedJob job, int ordinal) => TaskKey.From(job.Key, ordinal);

    private static (StoredGroup, IReadOnlyList<StoredMember>) Group(int number, params long[] tasks) => (
        new StoredGroup(number, tasks.Length, tasks.Distinct().Count(), 1),
        [.. tasks.Select((task, position) => new StoredMember(number, position, task, position * 10))]);

    private async Task<IEnumerable<long>> MembersAsync(EnqueuedJob job) =>
        (await Store.Groupings.ListMembersAsync(job.Key, 0, 9, 0, 9, Cancellation)).Select(member => member.TaskKey);

    private Task<bool> NameAsync(Grouping grouping, string? expected, string? subject, bool isNamed) =>
        Store.Groupings.NameGroupAsync(grouping.JobKey, grouping.BulkKey, 0, expected, subject, isNamed, Cancellation);

    private Task<BulkOperation> AddAsync(BulkAction action) => Store.Bulk.AddBulkAsync(
        new NewBulk(Guid.NewGuid(), action, null, "{}", new JobQuery { Limit = 1 }, null, 1), Cancellation);

    private async Task<Grouping> BeginAsync(EnqueuedJob job, double? threshold, params EnqueuedJob[] jobs)
    {
        var bulk = await AddAsync(BulkAction.Group);
        var grouping = new Grouping
        {
            JobKey = job.Key,
            BulkKey = bulk.Key,
            Jobs = [.. jobs.Select(one => one.Key)],
            Threshold = threshold,
            MinSize = 2,
            Total = jobs.Sum(one => one.Total),
        };
        await Store.Groupings.BeginGroupingAsync(grouping, Cancellation);
        return grouping;
    }

    private async Task<EnqueuedJob> EndedAsync(int tasks)
    {
        var job = await EnqueueAsync(tasks);
        foreach (var task in await ClaimAsync(tasks)) await ApplyAsync(Done(task) with { Derived = new byte[] { 7 } });
        return job;
    }

    private async Task RemoveAsync(EnqueuedJob job)
    {
        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(100, Cancellation) > 0)
        {
            // Until all is removed.
        }
    }
}

using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Contract;

/// <summary>The timeline of a job: kept as things happen, and bounded whatever its length.</summary>
public abstract class TimelineContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task Steps_are_the_sums_of_the_outcomes_and_few_however_long_the_job()
    {
        var job = await EnqueueAsync(300);
        var tasks = await ClaimAsync(300);
        var random = new Random(5);
        var (failed, wait, age) = (0, 1.0, 0.0);
        for (var i = 0; i < tasks.Count; i++)
        {
            var isBroken = random.Next(4) == 0;
            if (isBroken) failed++;
            await ApplyAsync(isBroken ? Ended(tasks[i], TaskEvent.Fail) : Done(tasks[i]));
            wait = Math.Min(wait * 1.05, 20_000);
            age += wait;
            Clock.Advance(TimeSpan.FromSeconds(wait));
        }

        var timeline = await Store.Measure.ReadTimelineAsync(await JobAsync(job), Cancellation);
        Assert.Equal((300 - failed, failed), (timeline.Steps.Sum(step => step.Completed), timeline.Steps.Sum(step => step.Failed)));
        Assert.Equal(timeline.Steps.OrderBy(step => step.Start), timeline.Steps);
        Assert.All(timeline.Steps, step => Assert.Equal(0, step.Start % TimelineSteps.WidthAt(step.Start)));
        var combined = TimelineSteps.Combine(timeline.Steps, TimelineSteps.WidthAt((long)age));
        Assert.InRange(combined.Count, 2, 129);
        Assert.Equal(300, combined.Sum(step => step.Completed + step.Failed));
    }

    [Fact]
    public async Task Pauses_and_outages_are_noted_once_in_their_order()
    {
        var job = await EnqueueAsync(20);
        var other = await EnqueueAsync(1, TestJobs.Job with { Service = "other" });
        await Do(() => Store.Control.PauseJobAsync(job.Key, true, Cancellation));
        await Do(() => Store.Control.PauseJobAsync(job.Key, true, Cancellation));
        await Do(() => Store.Control.PauseJobAsync(job.Key, false, Cancellation));
        await Do(() => Store.Control.PauseServiceAsync(TestJobs.Service, true, Cancellation));
        await Do(() => Store.Control.PauseServiceAsync(TestJobs.Service, true, Cancellation));
        await Do(() => Store.Control.PauseServiceAsync(Pauses.Everything, true, Cancellation));
        await Do(() => Store.Control.PauseServiceAsync(TestJobs.Service, false, Cancellation));

        var timeline = await Store.Measure.ReadTimelineAsync(await JobAsync(job), Cancellation);
        Assert.Equal(
            [
                (TimelineEvent.Paused, true), (TimelineEvent.Resumed, true), (TimelineEvent.Paused, false),
                (TimelineEvent.Paused, false), (TimelineEvent.Resumed, false),
            ],
            timeline.Events.Select(one => (one.Event, one.IsOfJob)));
        Assert.Equal(timeline.Events.OrderBy(one => one.At), timeline.Events);
        var others = await Store.Measure.ReadTimelineAsync(await JobAsync(other), Cancellation);
        Assert.Equal((TimelineEvent.Paused, false), others.Events.Select(one => (one.Event, one.IsOfJob)).Single());

        async Task Do(Func<Task> act)
        {
            await act();
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_removed_job_leaves_nothing()
    {
        var job = await EnqueueAsync(2);
        await Store.Control.PauseJobAsync(job.Key, true, Cancellation);
        await Store.Control.PauseJobAsync(job.Key, false, Cancellation);
        var view = await JobAsync(job);
        foreach (var task in await ClaimAsync(2)) await ApplyAsync(Done(task));
        Assert.NotEmpty((await Store.Measure.ReadTimelineAsync(view, Cancellation)).Steps);
        Assert.True(await Store.Control.RemoveJobAsync(job.Key, Cancellation));
        while (await Store.Maintain.RemoveUnreferencedAsync(100, Cancellation) > 0)
        {
            // It removes a bounded number of rows each time.
        }

        var timeline = await Store.Measure.ReadTimelineAsync(view, Cancellation);
        Assert.Empty(timeline.Steps);
        Assert.Empty(timeline.Events);
    }

    [Fact]
    public void A_step_is_never_wider_than_those_it_is_added_up_to()
    {
        for (long age = 0; age < 100_000; age++)
        {
            var width = TimelineSteps.WidthAt(age);
            Assert.True(width == 1 || (width * 64 <= age && age < width * 128), $"{age}: {width}");
            Assert.Equal(0, TimelineSteps.StartOf(age) % width);
        }
    }
}

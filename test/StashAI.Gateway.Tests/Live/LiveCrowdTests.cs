using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Reads;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Live;

/// <summary>Very many clients that follow the same.</summary>
public sealed class LiveCrowdTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crowd_shares_its_reads_and_nobody_gets_one_that_began_before_it_asked()
    {
        var (store, reads) = CountedReads.Create();
        var jobs = new JobReads(store);

        var first = jobs.ReadAsync(1);
        await reads.BegunAsync(Cancellation);
        var crowd = Enumerable.Range(0, 100).Select(_ => jobs.ReadAsync(1)).ToList();
        reads.End();
        await first;
        await reads.BegunAsync(Cancellation);
        Assert.All(crowd, one => Assert.False(one.IsCompleted));
        var late = jobs.ReadAsync(1);
        reads.End();
        await Task.WhenAll(crowd);
        await reads.BegunAsync(Cancellation);
        reads.End(new IOException("Broken by a test."));
        await Assert.ThrowsAsync<IOException>(() => late);

        Assert.Equal(3, reads.Count);
        var alone = jobs.ReadAsync(1);
        await reads.BegunAsync(Cancellation);
        reads.End();
        await alone;
    }

    [Fact]
    public async Task A_crowd_is_told_of_progress_now_and_then_and_of_the_end_at_once()
    {
        var clock = new FakeTimeProvider();
        var topics = new LiveTopics(clock);
        var key = LiveKey.Job(1);
        var crowd = Enumerable.Range(0, 101).Select(_ => new LiveSubscriber(clock, new LiveLimits())).ToList();
        foreach (var one in crowd)
        {
            one.TrySubscribe(key);
            topics.Add(key, one);
        }

        Assert.True(await IsToldAsync(1));
        Assert.False(await IsToldAsync(2));
        Assert.True(await IsToldAsync(3, isTerminal: true));
        Assert.False(await IsToldAsync(4));
        clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True(await IsToldAsync(5));
        topics.Remove(key, crowd[100]);
        Assert.True(await IsToldAsync(6));

        // Those who are told of nothing have nothing to take.
        async Task<bool> IsToldAsync(long version, bool isTerminal = false)
        {
            topics.Notify(key, version, isTerminal);
            var told = crowd.Where(one => one.WaitAsync(Cancellation).IsCompleted).ToList();
            foreach (var one in told)
            {
                Assert.Equal([key], (await one.TakeAsync(Cancellation)).Keys);
                one.TryMarkSent(key, version);
            }

            Assert.True(told.Count is 0 or >= 100);
            return told.Count > 0;
        }
    }

    [Fact]
    public async Task Everybody_in_a_crowd_hears_of_the_end_whatever_the_pace_of_progress()
    {
        const int Crowd = 300;
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var jobId = await gateway.SubmitAsync([.. Enumerable.Range(0, 40).Select(i => $"photo {i}")]);
        var clients = new List<LiveClient>();
        try
        {
            for (var i = 0; i < Crowd; i++)
            {
                clients.Add(await LiveClient.ConnectAsync(gateway));
                await clients[i].FollowJobAsync(jobId);
            }

            Assert.True(gateway.Services.GetRequiredService<LiveServices>().IsCrowded);
            gate.Open();

            var ends = await Task.WhenAll(clients.Select(client => client.UntilAsync(
                message => message.Text("type") == "job_progress" && message.Text("status") == "completed")));
            Assert.All(ends, end => Assert.Equal(40, end.Whole("completed_tasks")));
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }
}

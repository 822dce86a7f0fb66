using StashAI.Queue.Engine;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Settings;
using StashAI.Testing.Postgres;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Processes on one PostgreSQL database that poll once an hour: what happens sooner, a hint did.</summary>
public sealed class PostgresHintTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);
    private static readonly QueueOptions Patient = EngineHouse.Options with { PollInterval = TimeSpan.FromHours(1), Workers = 2 };

    private EngineHouse house = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => house = await EngineHouse.OpenAsync(postgres);

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task A_job_submitted_in_one_process_starts_in_another_and_its_end_is_told_back()
    {
        house.Service.Script = _ => Reply.Json("{}");
        using var gateway = await house.StartAsync(await house.OpenStoreAsync(), Patient with { Workers = 0 });
        using var worker = await house.StartAsync(await house.OpenStoreAsync(), Patient);
        for (var round = 0; round < 3; round++)
        {
            var listener = new ElsewhereListener();
            using var listening = gateway.Feed.Listen(listener);

            var job = await house.SubmitAsync(gateway, 5);

            while ((await gateway.Read.FindJobAsync(job.JobId, Cancellation))!.State != JobState.Completed)
            {
                await listener.HearAsync(job.Key).WaitAsync(Patience, Cancellation);
            }
        }

        await worker.StopAsync(Cancellation);
        await gateway.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_job_that_a_person_lets_go_on_starts_in_another_process()
    {
        house.Service.Script = _ => Reply.Json("{}");
        using var gateway = await house.StartAsync(await house.OpenStoreAsync(), Patient with { Workers = 0 });
        await gateway.PauseServiceAsync(Pauses.Everything, true, Cancellation);
        var job = await house.SubmitAsync(gateway, 1);
        await gateway.PauseJobAsync(job.Key, true, Cancellation);
        using var worker = await house.StartAsync(await house.OpenStoreAsync(), Patient);

        await gateway.PauseServiceAsync(Pauses.Everything, false, Cancellation);
        await gateway.PauseJobAsync(job.Key, false, Cancellation);

        Assert.Equal(JobState.Completed, (await EngineHouse.WaitForEndAsync(worker, job)).State);
        await worker.StopAsync(Cancellation);
        await gateway.StopAsync(Cancellation);
    }

    private sealed class ElsewhereListener : IQueueListener
    {
        private readonly SemaphoreSlim heard = new(0);
        private long wanted;

        public Task HearAsync(long job)
        {
            Volatile.Write(ref wanted, job);
            return heard.WaitAsync(Cancellation);
        }

        public void OnChanged(ChangeSet changes)
        {
        }

        public void OnChangedElsewhere(IReadOnlyList<long>? jobs)
        {
            var job = Volatile.Read(ref wanted);
            if (job == 0 || jobs is null || jobs.Contains(job)) heard.Release();
        }
    }
}

using System.Collections.Concurrent;

namespace StashAI.Bench.Soak;

/// <summary>Does to the processes, the database and the service what nights do to them.</summary>
internal sealed class Chaos(SoakPlan plan, SoakCluster cluster, FaultyService service)
{
    private readonly Random random = new(plan.Seed);
    private readonly ConcurrentBag<Task> underWay = [];
    private Task lastCrash = Task.CompletedTask;

    /// <summary>When something was dead, frozen or away.</summary>
    public ConcurrentQueue<Disturbance> Disturbances { get; } = new();

    public int Kills { get; private set; }

    public int Freezes { get; private set; }

    public int Restarts { get; private set; }

    public int DatabaseCrashes { get; private set; }

    public int ServiceOutages { get; private set; }

    /// <summary>Processes that ended though nobody ended them; 0 in a good run.</summary>
    public int OwnEnds { get; private set; }

    /// <summary>Goes on until stopped, then waits until all processes run again.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 + (random.NextDouble() * 4)), stop);
                underWay.Add(DisturbAsync(giveUp));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(underWay);
            service.IsCured = true;
            foreach (var process in cluster.All)
            {
                if (await process.ReviveAsync(giveUp)) OwnEnds++;
            }
        }
    }

    private Task DisturbAsync(CancellationToken giveUp)
    {
        switch (random.Next(cluster.Postgres is null ? 18 : 20), ReadyProcess())
        {
            case ( < 16, null):
                return Task.CompletedTask;
            case ( < 10, { } process):
                Kills++;
                return NoteAsync(() => process.KillAsync(TimeSpan.FromSeconds(random.NextDouble() * 3), giveUp));
            case ( < 14, { } process):
                Freezes++;
                return NoteAsync(() => process.FreezeAsync(plan.Lease * (0.2 + (random.NextDouble() * 1.8)), giveUp));
            case ( < 16, { } process):
                Restarts++;
                return NoteAsync(() => process.RestartAsync(giveUp));
            case ( < 18, _):
                ServiceOutages++;
                service.GoAway(TimeSpan.FromSeconds(1 + (random.NextDouble() * 4)));
                return Task.CompletedTask;
            default:
                return lastCrash = CrashAfterAsync(lastCrash, giveUp);
        }
    }

    // On a busy machine a start takes longer than the pause between faults: in a queue of them nothing would ever work.
    private SoakProcess? ReadyProcess()
    {
        var ready = cluster.All.Where(process => !process.IsDisturbed).ToList();
        return ready.Count == 0 ? null : ready[random.Next(ready.Count)];
    }

    private async Task CrashAfterAsync(Task previous, CancellationToken giveUp)
    {
        await previous;
        DatabaseCrashes++;
        await NoteAsync(() => cluster.Postgres!.CrashAndRestartAsync(giveUp));
    }

    private async Task NoteAsync(Func<Task> act)
    {
        var from = TimeProvider.System.GetUtcNow();
        try
        {
            await act();
        }
        finally
        {
            Disturbances.Enqueue(new Disturbance(from, TimeProvider.System.GetUtcNow()));
        }
    }
}

using System.Diagnostics;

namespace StashAI.Bench.Soak;

/// <summary>Runs a cluster under faults for a while, lets it finish, and gives a verdict.</summary>
internal static class SoakBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(SoakPlan plan, CancellationToken cancellationToken)
    {
        await using var service = await FaultyService.StartAsync(plan.Seed, cancellationToken);
        await using var cluster = await SoakCluster.StartAsync(plan, service.Url, cancellationToken);
        using var client = new SoakClient(plan, cluster);
        var chaos = new Chaos(plan, cluster, service);
        Console.WriteLine(
            $"{plan.Gateways} gateways and {plan.Workers} workers on {(plan.UsesPostgres ? "PostgreSQL" : "one SQLite file")}, lease "
            + $"{plan.Lease.TotalSeconds} s, seed {plan.Seed}, {plan.Duration.TotalMinutes} min");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(plan.Duration);
        giveUp.CancelAfter(plan.Duration + Patience);
        using var over = new CancellationTokenSource();
        var progress = ProgressAsync(client, service, chaos, over.Token);
        await Task.WhenAll(client.RunAsync(stop.Token, giveUp.Token), chaos.RunAsync(stop.Token, giveUp.Token));
        await over.CancelAsync();
        await progress;
        return await new Verdict(cluster, client, service, chaos).GiveAsync(cancellationToken) ? 0 : 1;
    }

    private static async Task ProgressAsync(SoakClient client, FaultyService service, Chaos chaos, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
                Console.WriteLine(
                    $"  {watch.Elapsed:mm\\:ss}  jobs sent {client.Jobs.Count}, over {client.Jobs.Count(job => job.End is not null)}; "
                    + $"calls {service.Calls.Count}; kills {chaos.Kills}, freezes {chaos.Freezes}, restarts {chaos.Restarts}, "
                    + $"database crashes {chaos.DatabaseCrashes}");
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}

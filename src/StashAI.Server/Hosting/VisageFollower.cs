using StashAI.Adapters.Visage;
using StashAI.Gateway.Upstreams.Services;

namespace StashAI.Server.Hosting;

/// <summary>Keeps a worker's Visage address equal to the one that <c>serve</c> has written.</summary>
internal sealed class VisageFollower(VisageAddressFile file, ServiceCatalog services, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        ReadAddress();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) ReadAddress();
        }
        catch (OperationCanceledException)
        {
            // The worker is stopping.
        }
    }

    private void ReadAddress()
    {
        var address = file.Read();
        if (services.Current.AddressOf(VisageAdapter.Name) != address) services.Configure(VisageAdapter.Name, address);
    }
}

using StashAI.Visage.Gallery;
using StashAI.Visage.Inference;

namespace StashAI.Visage.Hosting;

/// <summary>Loads models and gallery before the first request is taken, so that a failure is seen at the start.</summary>
internal sealed class Startup(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<FaceModels>();
        services.GetRequiredService<FaceGallery>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

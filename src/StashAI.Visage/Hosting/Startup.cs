using StashAI.Visage.Gallery;
using StashAI.Visage.Inference;

namespace StashAI.Visage.Hosting;

/// <summary>Loads the models and the gallery before the first request, so that a failure stops the start.</summary>
internal sealed class Startup(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<FaceModels>();
        services.GetRequiredService<FaceGallery>();
        services.GetRequiredService<GallerySecret>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using StashAI.Visage.Gallery;
using StashAI.Visage.Inference;

namespace StashAI.Visage.Hosting;

/// <summary>Loads the models and the gallery before the first request, so that a failure stops the start.</summary>
internal sealed class Startup(IServiceProvider services) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<FaceModels>();
        await services.GetRequiredService<FaceGallery>().CurrentAsync(cancellationToken);
        services.GetRequiredService<GallerySecret>();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

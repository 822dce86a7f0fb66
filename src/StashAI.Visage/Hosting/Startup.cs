using StashAI.Visage.Gallery;
using StashAI.Visage.Inference;
using StashAI.Visage.Video;

namespace StashAI.Visage.Hosting;

/// <summary>Loads the models and the gallery before the first request, so that a failure stops the start; and looks for ffmpeg.</summary>
internal sealed partial class Startup(IServiceProvider services, VideoTools video, ILogger<Startup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<FaceModels>();
        await services.GetRequiredService<IGalleryStore>().OpenAsync(cancellationToken);
        await services.GetRequiredService<GalleryTakeover>().RunAsync(cancellationToken);
        await services.GetRequiredService<FaceGallery>().CurrentAsync(cancellationToken);
        services.GetRequiredService<GallerySecret>();
        if (await video.CheckAsync(cancellationToken) is { } version) LogVideos(video.Ffmpeg!, version);
        else LogNoVideos(video.Ffmpeg ?? "none found");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Videos are read by {Path}: {Version}")]
    private partial void LogVideos(string path, string version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Videos are refused, since there is no ffmpeg with ffprobe that runs: {Path}")]
    private partial void LogNoVideos(string path);
}

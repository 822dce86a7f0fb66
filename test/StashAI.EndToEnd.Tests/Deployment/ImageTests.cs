using System.Diagnostics;
using System.Globalization;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Files;
using StashAI.Visage.Models;

namespace StashAI.EndToEnd.Tests.Deployment;

/// <summary>The image's entry point as a container would run it: not root, everything read-only but /app/data.</summary>
public sealed class ImageTests(PublishedImage image, RealFiles files) : IDisposable
{
    private static readonly Dictionary<string, string> Compose =
        new() { ["ALLOW_ANONYMOUS"] = "lan", ["VISAGE_API_URL"] = "http://127.0.0.1:8000" };

    private readonly TempFolder data = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => data.Dispose();

    [Fact]
    public async Task The_gateway_starts_says_that_it_is_healthy_keeps_its_queue_in_the_volume_and_stops_on_SIGTERM()
    {
        PublishedImage.Require();
        using var gateway = await image.StartAsync(image.File.Command, data.Path, Compose, Cancellation);
        await ReadUntilAsync(gateway, "StashAI Server is ready");

        var (code, output) = await PublishedImage.RunInsideAsync(gateway, image.File.HealthCheck, Cancellation);

        Assert.True(code == 0, output);
        Assert.Contains("healthy", output, StringComparison.Ordinal);
        Assert.Equal("/app/data", image.File.Volume);
        Assert.True(File.Exists(data.File("queue.db")));
        Assert.NotEqual("0", OwnerOf(gateway));
        Assert.Equal(0, await StopAsync(gateway));
    }

    [Fact]
    public async Task A_worker_of_its_own_shares_the_volume()
    {
        PublishedImage.Require();
        using var gateway = await image.StartAsync(image.File.Command, data.Path, Compose, Cancellation);
        await ReadUntilAsync(gateway, "StashAI Server is ready");

        using var worker = await image.StartAsync(["worker"], data.Path, Compose, Cancellation);

        await ReadUntilAsync(worker, "StashAI worker is ready");
        Assert.Equal(0, await StopAsync(worker));
        Assert.Equal(0, await StopAsync(gateway));
    }

    [Fact]
    public async Task Without_a_key_it_refuses_to_be_open_to_the_network_and_says_what_to_set()
    {
        PublishedImage.Require();
        using var gateway = await image.StartAsync(image.File.Command, data.Path, new Dictionary<string, string>(), Cancellation);

        var error = await gateway.StandardError.ReadToEndAsync(Cancellation);
        await gateway.WaitForExitAsync(Cancellation);

        Assert.Equal(2, gateway.ExitCode);
        Assert.Contains("ALLOW_ANONYMOUS", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_face_service_identifies_a_face_with_the_models_of_the_image_and_without_npm()
    {
        PublishedImage.Require();
        var photo = Convert.ToBase64String(
            await File.ReadAllBytesAsync(Path.Combine(files.PhotosDirectory, SamplePhotos.FileNames[0]), Cancellation));
        await File.WriteAllTextAsync(data.File("photo.json"), $$"""{"image_data":"{{photo}}"}""", Cancellation);
        var environment = new Dictionary<string, string> { ["VISAGE_ALLOW_LAN"] = "true", ["VISAGE_ALLOWED_HOSTS"] = "visage" };

        using var visage = await image.StartAsync(["visage", "--urls", "http://0.0.0.0:8000"], data.Path, environment, Cancellation);
        await ReadUntilAsync(visage, "Visage is ready");

        var (code, healthy) = await PublishedImage.RunInsideAsync(
            visage, [.. image.File.EntryPoint, "health", "--url", "http://127.0.0.1:8000"], Cancellation);
        Assert.True(code == 0, healthy);
        var faces = await PublishedImage.AskAsync(visage, "http://127.0.0.1:8000/api/predict_1", data.File("photo.json"), Cancellation);
        Assert.Equal(3, faces.GetProperty("data")[0].GetArrayLength());
        Assert.NotEqual("0", OwnerOf(visage));
        Assert.Equal(0, await StopAsync(visage));
        Assert.False(Directory.Exists(data.File("models")));
    }

    [Fact]
    public void The_models_are_where_no_volume_hides_them()
    {
        var models = image.File.Environment["MODELS_DIR"];

        Assert.Equal($"{image.File.Folder}/{image.File.PlaceOf("models")}", models);
        Assert.False(models.StartsWith(image.File.Volume + "/", StringComparison.Ordinal));
        Assert.DoesNotContain("MODELS_DIR", Repository.Read("docker-compose.yml"), StringComparison.Ordinal);
    }

    private static async Task ReadUntilAsync(Process process, string start)
    {
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal)) return;
        }

        Assert.Fail($"It ended without '{start}':\n{await process.StandardError.ReadToEndAsync(Cancellation)}");
    }

    private static string OwnerOf(Process process) => File.ReadLines($"/proc/{process.Id}/status")
        .First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

    private static async Task<int> StopAsync(Process process)
    {
        using var kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -s TERM {process.Id}")]);
        await kill.WaitForExitAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return process.ExitCode;
    }
}

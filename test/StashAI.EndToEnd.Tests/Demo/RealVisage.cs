using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Server.Hosting;
using StashAI.Server.Processes;

namespace StashAI.EndToEnd.Tests.Demo;

/// <summary>The real Visage service as the real child process, with data of its own.</summary>
internal sealed class RealVisage : IAsyncDisposable
{
    private readonly DirectoryInfo folder;

    private RealVisage(VisageChild child, DirectoryInfo folder)
    {
        Child = child;
        this.folder = folder;
    }

    public VisageChild Child { get; }

    public Uri Address => Child.Address!;

    public static OwnProgram Program { get; } =
        new(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "stashai.exe" : "stashai"), []);

    public string DataDirectory => folder.FullName;

    public string SecretPath => Path.Combine(folder.FullName, "visage", "visage.secret");

    /// <summary>The secret that the gallery's routes need.</summary>
    public async Task<string> ReadSecretAsync(CancellationToken cancellationToken) =>
        (await File.ReadAllTextAsync(SecretPath, cancellationToken)).Trim();

    public static async Task<RealVisage> StartAsync(RealFiles files)
    {
        files.SkipIfMissing();
        var folder = Directory.CreateTempSubdirectory("stashai-test-");
        var child = new VisageChild(
            new VisageChildOptions
            {
                DataDirectory = folder.FullName,
                ModelsDirectory = files.ModelsDirectory,
                PreferredPort = 0,
                LogLevel = Microsoft.Extensions.Logging.LogLevel.Warning,
            },
            Program,
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await child.StartAsync(TestContext.Current.CancellationToken);
        await child.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return new RealVisage(child, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Child.StopAsync(CancellationToken.None);
        Child.Dispose();
        folder.Delete(recursive: true);
    }
}

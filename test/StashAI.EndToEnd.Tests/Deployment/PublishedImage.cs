using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.Testing.Files;
using Xunit.Sdk;

[assembly: AssemblyFixture(typeof(PublishedImage))]

namespace StashAI.EndToEnd.Tests.Deployment;

/// <summary>
/// What an image built from the Dockerfile would hold and run, without a container engine: the sources are copied and published by the
/// Dockerfile's own command, and its entry point runs in namespaces of its own, at the same paths, read-only, as the same user.
/// </summary>
public sealed class PublishedImage : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly SemaphoreSlim once = new(1);
    private bool isPublished;

    internal ImageFile File { get; } = new(Repository.Read("Dockerfile"));

    /// <summary>Starts a command of the image; its data is in a folder on this machine.</summary>
    internal async Task<Process> StartAsync(
        IReadOnlyList<string> command, string data, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        await PublishAsync(cancellationToken);
        await RunAsync(["chown", UserId, data], cancellationToken);
        var start = new ProcessStartInfo(
            "unshare", ["--mount", "--net", "--", "sh", "-c", Script, "sh", App, data, Dotnet, UserId, .. File.EntryPoint, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["DOTNET_ROOT"] = "/dotnet";
        foreach (var (name, value) in File.Environment.Concat(environment)) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a command where that process runs, and returns its exit code and output.</summary>
    internal static async Task<(int ExitCode, string Output)> RunInsideAsync(
        Process process, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        using var inside = Process.Start(new ProcessStartInfo(
            "nsenter", [$"--target={process.Id}", "--net", "--root", "--wd=/", "--mount", "--", "env", "DOTNET_ROOT=/dotnet", .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await inside.StandardOutput.ReadToEndAsync(cancellationToken)
            + await inside.StandardError.ReadToEndAsync(cancellationToken);
        await inside.WaitForExitAsync(cancellationToken);
        return (inside.ExitCode, output);
    }

    /// <summary>Posts a file from the network of that process, and returns the answer.</summary>
    internal static async Task<JsonElement> AskAsync(Process process, string url, string body, CancellationToken cancellationToken)
    {
        using var inside = Process.Start(new ProcessStartInfo(
            "nsenter",
            [
                $"--target={process.Id}", "--net", "--", "curl", "--silent", "--show-error", "--fail-with-body", "-H",
                "Content-Type: application/json", "--data-binary", $"@{body}", url,
            ])
        {
            RedirectStandardOutput = true,
        })!;
        var answer = await inside.StandardOutput.ReadToEndAsync(cancellationToken);
        await inside.WaitForExitAsync(cancellationToken);
        Assert.True(inside.ExitCode == 0, answer);
        return JsonSerializer.Deserialize<JsonElement>(answer);
    }

    /// <summary>Skips the test where namespaces cannot be made.</summary>
    internal static void Require()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Only root on Linux can make the namespaces that stand for a container.");
        }
    }

    public void Dispose()
    {
        once.Dispose();
        folder.Dispose();
    }

    /// <summary>The number of the user `app` in Microsoft's images.</summary>
    private const string UserId = "1654";

    // The root of the image: the system's libraries and the runtime as they are, the program, and one folder that can be written.
    private const string Script = """
        set -e
        app=$1 data=$2 dotnet=$3 user=$4
        shift 4
        mount --make-rprivate /
        root=$app/../root
        mount -t tmpfs tmpfs "$root"
        mkdir -p "$root/app" "$root/dotnet" "$root/proc" "$root/dev" "$root/tmp"
        for system in usr etc lib lib64 bin; do
            if [ -e "/$system" ]; then mkdir -p "$root/$system" && mount --bind -o ro "/$system" "$root/$system"; fi
        done
        mount --bind -o ro "$dotnet" "$root/dotnet"
        mount --bind "$app" "$root/app"
        mount -o remount,bind,ro "$root/app"
        mount --bind "$data" "$root/app/data"
        mount --rbind /dev "$root/dev"
        mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
        mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
        mount -o remount,ro "$root"
        ip link set lo up 2>/dev/null || true
        # An image of the .NET runtime has no npm, so none is to be found here either.
        exec chroot --userspec="$user:$user" --groups= "$root" /usr/bin/env PATH=/app "$@"
        """;

    private string App => Directory.CreateDirectory(folder.File("app")).FullName;

    private static string Dotnet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        await once.WaitAsync(cancellationToken);
        try
        {
            if (isPublished) return;
            // A copy, as the image's build stage has one: the outputs of this build stay as they are.
            var sources = folder.File("src");
            await RunAsync(
                [
                    "sh",
                    "-c",
                    "git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t \"$0\"",
                    Directory.CreateDirectory(sources).FullName,
                ],
                cancellationToken);
            // The stage of the dashboard works in a copy of its own folder; here it is the one that is published.
            Assert.Equal("web/dashboard/dist", File.PlaceOf("web", "dashboard/dist"));
            foreach (var step in File.Stage("web").Commands)
                await RunAsync(["sh", "-c", $"cd '{sources}/web' && {step}"], cancellationToken);
            var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
            var command = File.Publish.Replace("$TARGETARCH", architecture, StringComparison.Ordinal)
                .Replace($"--output {File.Folder}", $"--output {App}", StringComparison.Ordinal);
            // Compiling it for the processor and analyzing it again take minutes beside other tests, and change nothing that these look at.
            const string Quick = "-p:PublishReadyToRun=false -p:RunAnalyzers=false --nologo -v q";
            await RunAsync(["sh", "-c", $"cd '{sources}' && {command} {Quick}"], cancellationToken);
            var models = Directory.CreateDirectory(Path.Combine(App, File.PlaceOf("models"))).FullName;
            foreach (var step in File.Stage("models").Commands) await RunAsync(["sh", "-c", $"cd '{models}' && {step}"], cancellationToken);
            Directory.CreateDirectory(Path.Combine(App, "data"));
            Directory.CreateDirectory(folder.File("root"));
            await RunAsync(["chmod", "-R", "a+rX", folder.Path], cancellationToken);
            isPublished = true;
        }
        finally
        {
            once.Release();
        }
    }

    private static async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Repository.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new XunitException($"{string.Join(' ', command)} ended with {process.ExitCode}:\n{output}{await error}");
        }
    }
}

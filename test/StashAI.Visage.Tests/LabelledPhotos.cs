using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

[assembly: AssemblyFixture(typeof(StashAI.Visage.Tests.LabelledPhotos))]

namespace StashAI.Visage.Tests;

/// <summary>
/// Labelled photos from Debian's source package dlib: five people with eleven photos each, one photo of 24 faces, one of
/// dogs. They are fetched with apt into the user's cache; if that fails, the tests are skipped with the reason.
/// </summary>
public sealed partial class LabelledPhotos : IAsyncLifetime
{
    private const string Sha256 = "66b4263822a2ff91a3e769e501c7d7927a13089e178c1427ec19cb0475823cf6";

    private readonly string cache = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "stashai-tests",
        "dlib");

    private string? skipReason;

    private string Examples => Path.Combine(cache, "examples");

    public async ValueTask InitializeAsync()
    {
        try
        {
            if (!Directory.Exists(Examples))
                await FetchAsync();
        }
        catch (Exception exception)
            when (exception is IOException or Win32Exception or InvalidOperationException or UnauthorizedAccessException)
        {
            skipReason = $"The labelled photos of Debian's source package dlib could not be fetched: {exception.Message}";
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public byte[] GroupPhoto() => Read("faces/bald_guys.jpg");

    public byte[] DogPhoto() => Read("faces/dogs.jpg");

    /// <summary>The photos of each of the five people, by the name of their folder.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<byte[]>> PeopleFolders()
    {
        SkipIfMissing();
        return Directory.EnumerateDirectories(Path.Combine(Examples, "johns")).Order(StringComparer.Ordinal).ToDictionary(
            folder => Path.GetFileName(folder),
            folder => (IReadOnlyList<byte[]>)[.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]);
    }

    public void SkipIfMissing()
    {
        if (skipReason is not null)
            Assert.Skip(skipReason);
    }

    private byte[] Read(string name)
    {
        SkipIfMissing();
        return File.ReadAllBytes(Path.Combine(Examples, name));
    }

    private async Task FetchAsync()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["lists/partial"]);
        var sources = await DebianSourcesAsync();
        await File.WriteAllLinesAsync(folder["sources.list"], sources);
        string[] apt =
        [
            "-o", $"Dir::Etc::sourcelist={folder["sources.list"]}", "-o", "Dir::Etc::sourceparts=/dev/null", "-o",
            $"Dir::State::lists={folder["lists"]}",
        ];

        await RunAsync("apt-get", [.. apt, "update"]);
        var uris = await RunAsync("apt-get", [.. apt, "source", "--print-uris", "dlib"]);
        var uri = ArchiveUri().Match(uris);
        if (!uri.Success)
            throw new InvalidOperationException("apt knows no source package dlib.");

        await RunAsync("/usr/lib/apt/apt-helper", ["download-file", uri.Groups[1].Value, folder["dlib.tar.bz2"]]);
        await using (var archive = File.OpenRead(folder["dlib.tar.bz2"]))
        {
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(archive)) != Sha256)
                throw new InvalidOperationException("the archive has another checksum than the pinned one.");
        }

        Directory.CreateDirectory(cache);
        var staging = Path.Combine(cache, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(staging);
        await RunAsync(
            "tar",
            [
                "xjf", folder["dlib.tar.bz2"], "-C", staging, "--strip-components=2", "--wildcards", "*/examples/johns/*",
                "*/examples/faces/*.jpg",
            ]);
        try
        {
            Directory.Move(staging, Examples);
        }
        catch (IOException) when (Directory.Exists(Examples))
        {
            // Another test run has moved it first.
            Directory.Delete(staging, recursive: true);
        }
    }

    /// <summary>The machine's own Debian sources, as deb-src lines.</summary>
    private static async Task<IReadOnlyList<string>> DebianSourcesAsync()
    {
        const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
        var signedBy = File.Exists(Keyring) ? $"[signed-by={Keyring}] " : "";
        var targets = await RunAsync(
            "apt-get", ["indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"]);
        var lines = targets.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(parts => parts is [_, "main", _] && !parts[0].Contains('-', StringComparison.Ordinal)
                && parts[2].TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal))
            .Select(parts => $"deb-src {signedBy}{parts[2]} {parts[0]} main")
            .Distinct()
            .ToList();
        return lines.Count > 0 ? lines : throw new InvalidOperationException("this machine has no Debian package source.");
    }

    private static async Task<string> RunAsync(string command, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{command} {arguments[^1]}: {(await errors).Trim()}");
    }

    [GeneratedRegex(@"'(\S+/dlib_19\.24%2bdfsg\.orig\.tar\.bz2)'")]
    private static partial Regex ArchiveUri();
}

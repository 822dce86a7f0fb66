using System.Diagnostics;
using System.Security.Cryptography;

namespace StashAI.Visage.Tests;

/// <summary>Files of a source package of Debian, fetched with apt and pinned by their checksum.</summary>
/// <param name="package">The name of the source package.</param>
/// <param name="sha256">The checksum of its archive.</param>
internal sealed class DebianSource(string package, string sha256)
{
    public string Package => package;

    /// <summary>Patterns of the files that are used, as tar takes them.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>How many folders are removed from the start of their paths.</summary>
    public int FoldersToStrip { get; init; } = 1;

    /// <summary>Fetches the files unless the folder is there.</summary>
    /// <exception cref="InvalidOperationException">apt does not know the package, or its archive is another one.</exception>
    public async Task FetchAsync(string target)
    {
        if (Directory.Exists(target))
            return;
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["lists/partial"]);
        await File.WriteAllLinesAsync(folder["sources.list"], await DebianSourcesAsync());
        string[] apt =
        [
            "-o", $"Dir::Etc::sourcelist={folder["sources.list"]}", "-o", "Dir::Etc::sourceparts=/dev/null", "-o",
            $"Dir::State::lists={folder["lists"]}",
        ];

        await RunAsync("apt-get", [.. apt, "update"]);
        // One file a line: 'URL' name size SHA256:checksum
        var line = (await RunAsync("apt-get", [.. apt, "source", "--print-uris", package])).Split('\n')
            .FirstOrDefault(line => line.EndsWith($"SHA256:{sha256}", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"apt knows no source package {package} with the pinned checksum.");
        await RunAsync("/usr/lib/apt/apt-helper", ["download-file", line.Split('\'')[1], folder["archive"]]);
        await using (var archive = File.OpenRead(folder["archive"]))
        {
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(archive)) != sha256)
                throw new InvalidOperationException($"the archive of {package} has another checksum than the pinned one.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var staging = $"{target}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(staging);
        await RunAsync("tar", ["xf", folder["archive"], "-C", staging, $"--strip-components={FoldersToStrip}", "--wildcards", .. Files]);
        try
        {
            Directory.Move(staging, target);
        }
        catch (IOException) when (Directory.Exists(target))
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
}

using StashAI.Streams.Files;

namespace StashAI.Visage.Models;

/// <summary>
/// Downloads packages from the configured npm registry on machines without npm. If no registry is configured it is not used: there is no
/// default, because the operator must decide which registry to trust.
/// </summary>
internal sealed class NpmRegistry(Uri address)
{
    /// <summary>The variable, which npm reads too; the lower-case spelling works as well.</summary>
    public const string Setting = "NPM_CONFIG_REGISTRY";

    /// <summary>The largest download; every package that is fetched is smaller.</summary>
    private const long MaxBytes = 512L * 1024 * 1024;

    /// <summary>
    /// Reads the registry from the environment, then from npm's files of this folder, of the user and of the machine. Null when none is
    /// configured.
    /// </summary>
    public static NpmRegistry? ReadConfiguration() => ReadConfiguration(
        Environment.GetEnvironmentVariable,
        [
            ".npmrc",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".npmrc"),
            "/etc/npmrc",
            "/usr/local/etc/npmrc",
        ]);

    public static NpmRegistry? ReadConfiguration(Func<string, string?> environment, IEnumerable<string> files)
    {
        foreach (var text in new[] { environment(Setting), environment("npm_config_registry") }.Concat(files.Select(ReadFile)))
        {
            if (Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return new NpmRegistry(address);
            }
        }

        return null;
    }

    /// <summary>The address of the archive of a package such as <c>@scope/name@1.2.3</c>.</summary>
    public Uri ArchiveOf(string package)
    {
        var at = package.LastIndexOf('@');
        if (at < 1) throw new ArgumentException("The package has no version.", nameof(package));
        var name = package[..at];
        return new Uri(
            $"{address.AbsoluteUri.TrimEnd('/')}/{name}/-/"
            + $"{name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]}-{package[(at + 1)..]}.tgz");
    }

    /// <returns>The path of the downloaded .tgz, inside <paramref name="directory"/>.</returns>
    /// <exception cref="ModelsUnavailableException">The archive could not be downloaded.</exception>
    public async Task<string> DownloadAsync(string package, string directory, string missingFiles, CancellationToken cancellationToken)
    {
        var source = ArchiveOf(package);
        var path = Path.Combine(directory, "package.tgz");
        try
        {
            using var http = new HttpClient { MaxResponseContentBufferSize = MaxBytes, Timeout = Timeout.InfiniteTimeSpan };
            using var answer = await http.GetAsync(source, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            answer.EnsureSuccessStatusCode();
            await using var file = File.Create(path);
            await answer.Content.CopyToAsync(file, cancellationToken);
            return path;
        }
        catch (HttpRequestException exception)
        {
            throw new ModelsUnavailableException(
                $"{missingFiles}, npm is not on the PATH, and {source} could not be downloaded ({exception.Message}). Install npm, or "
                + $"check {Setting} and the network, then run `stashai models fetch`.",
                exception);
        }
    }

    private static string? ReadFile(string path)
    {
        try
        {
            return RegularFile.ReadAllLines(path).Select(line => line.Split('=', 2))
                .FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim() == "registry")?[1];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

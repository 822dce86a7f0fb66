using StashAI.Hosting.Files;

namespace StashAI.Gateway.Upstreams.Gallery;

/// <summary>The secret that the gateway shares with its face service, in a file that the first of both creates.</summary>
/// <param name="path">The file.</param>
internal sealed class GallerySecret(string path)
{
    public const string Setting = "VISAGE_SECRET_FILE";

    private const string Header = "X-Visage-Secret";

    private string? secret;

    public string Path => path;

    /// <summary>Adds the secret to a request. It is read when it is first needed.</summary>
    /// <exception cref="IOException">The file cannot be read or created.</exception>
    public void AddTo(HttpRequestMessage request)
    {
        secret ??= SecretFile.ReadOrCreate(
            path, "remove it, so that a new one is created, and restart the gateway and the face service.");
        request.Headers.TryAddWithoutValidation(Header, secret);
    }
}

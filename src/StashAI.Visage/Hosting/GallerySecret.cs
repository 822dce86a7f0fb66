using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using StashAI.Hosting.Files;
using StashAI.Visage.Gallery;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>
/// The secret that the service shares with its gateway. It opens the routes of the gallery, and signs the addresses of pictures that
/// answers contain, so that a browser can show them; a gallery that several processes share has its own key for that.
/// </summary>
internal sealed class GallerySecret
{
    public const string Header = "X-Visage-Secret";

    /// <summary>The parameter of a picture's address that opens it without the header.</summary>
    public const string SignatureParameter = "signature";

    private readonly byte[] key;
    private readonly IGalleryStore store;

    /// <exception cref="IOException">The file cannot be read or created.</exception>
    public GallerySecret(VisageOptions options, IGalleryStore store)
    {
        this.store = store;
        key = Encoding.UTF8.GetBytes(SecretFile.ReadOrCreate(
            PathOf(options), "remove it, so that a new one is created, and restart the gateway and the face service."));
    }

    public static string PathOf(VisageOptions options) =>
        options.SecretFile ?? Path.Combine(options.DataDirectory, VisageOptions.SecretFileName);

    public bool IsGiven(HttpRequest request) =>
        request.Headers[Header] is [{ } given] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), key);

    /// <summary>The signature of the address of a person's picture. All processes that share a gallery accept it.</summary>
    public string SignatureOf(Guid person) =>
        WebEncoders.Base64UrlEncode(HMACSHA256.HashData(store.SigningKey ?? key, Encoding.ASCII.GetBytes($"picture:{person:D}"))[..16]);

    public bool IsSigned(HttpRequest request) =>
        request.RouteValues.TryGetValue("id", out var id) && Guid.TryParse((string?)id, out var person)
        && request.Query[SignatureParameter] is [{ } given]
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(SignatureOf(person)));
}

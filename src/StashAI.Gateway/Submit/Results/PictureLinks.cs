using System.Security.Cryptography;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Services;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit.Results;

/// <summary>Creates and reads this gateway's links to the pictures of a face service's people.</summary>
internal sealed class PictureLinks(ISigningKeys keys, IUpstreamResolver services, PublicUrl publicUrl, TimeProvider clock)
{
    /// <summary>The name of the key in the database.</summary>
    private const string KeyName = "pictures";

    /// <summary>Signs links until the database can be read. These links are valid only in this process.</summary>
    private readonly byte[] ownKey = RandomNumberGenerator.GetBytes(32);

    private byte[]? sharedKey;

    /// <summary>Today, in days since 1970.</summary>
    public int Today => (int)(clock.GetUtcNow().ToUnixTimeSeconds() / 86_400);

    /// <summary>Returns the rewriting of results for one client, with addresses that it can reach.</summary>
    public static ValueTask<ShownResults> ForAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<PictureLinks>().BeginAsync(context);

    /// <summary>Reads a token; null for one that is not valid or has expired.</summary>
    public async ValueTask<PictureToken?> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var token = PictureToken.Read(text, await KeyAsync(cancellationToken)) ?? PictureToken.Read(text, ownKey);
        return token is { } found && found.LastDay >= Today ? found : null;
    }

    private async ValueTask<ShownResults> BeginAsync(HttpContext context) =>
        new(services, publicUrl.Of(context.Request), await KeyAsync(context.RequestAborted), () => Today + 1);

    private async ValueTask<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref sharedKey) is { } known) return known;
        try
        {
            var key = await keys.ReadSigningKeyAsync(KeyName, cancellationToken);
            Volatile.Write(ref sharedKey, key);
            return key;
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            return ownKey;
        }
    }
}

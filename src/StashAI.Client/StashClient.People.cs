using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>Asks who this client is for the server, and what the server can do.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotAllowedException">The server needs a key, or the key is wrong or has expired.</exception>
    /// <exception cref="StashOutdatedServerException">The server is too old to say.</exception>
    public Task<Caller> MeAsync(CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.Me, Routes.Me.Fill([]), StashJsonContext.Default.Caller, cancellationToken);

    /// <summary>Lists the processes of the server that are alive, newest first. Pages are read as they are needed.</summary>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<ServerNode> NodesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(Routes.Nodes, [], [], StashJsonContext.Default.WirePageServerNode, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var node in page.Data) yield return node;
        }
    }

    /// <summary>
    /// Lists the API keys in the server's database that are not revoked, newest first. Needs the role admin. Pages are read as they are
    /// needed.
    /// </summary>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<ApiKey> KeysAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(Routes.Keys, [], [], StashJsonContext.Default.WirePageApiKey, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var key in page.Data) yield return key;
        }
    }

    /// <summary>Creates an API key. Needs the role admin. Once a server has a key, every request needs one.</summary>
    /// <param name="name">A name for people, which no key has or had.</param>
    /// <param name="role">What the key allows.</param>
    /// <param name="expiresAt">When it stops being valid; null for never.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashConflictException">Another key has the name, or a revoked one had it.</exception>
    /// <exception cref="StashInvalidRequestException">A value is not valid; the errors name it.</exception>
    public Task<CreatedApiKey> CreateKeyAsync(
        string name, ApiRole role, DateTimeOffset? expiresAt = null, CancellationToken cancellationToken = default) => SendAsync(
        Routes.CreateKey, [], new WireNewKey(name, role, expiresAt), StashJsonContext.Default.WireNewKey,
        StashJsonContext.Default.CreatedApiKey, cancellationToken);

    /// <summary>Revokes an API key permanently. Needs the role admin.</summary>
    /// <param name="id">The id of the key, as <see cref="KeysAsync"/> lists it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no valid key with this id.</exception>
    public Task RevokeKeyAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return api.SendAsync(Routes.RevokeKey, Routes.RevokeKey.Fill([id]), cancellationToken);
    }
}

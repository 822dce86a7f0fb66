using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Live;

namespace StashAI.Client;

/// <summary>
/// A client of one StashAI server. It may be used by any number of threads at once and should live as long as the program. Every call can
/// throw a
/// <see cref="StashException"/>: <see cref="StashUnreachableException"/> when no answer comes, <see cref="StashNotAllowedException"/> for
/// the key,
/// <see cref="StashNotFoundException"/>, <see cref="StashInvalidRequestException"/>, <see cref="StashConflictException"/>,
/// <see cref="StashUnavailableException"/> or <see cref="StashProtocolException"/>.
/// </summary>
public sealed partial class StashClient : IDisposable
{
    private static readonly TimeSpan BulkPollInterval = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient http;
    private readonly bool isOwner;
    private readonly ApiSender api;
    private readonly JobWatch watch;
    private readonly ListWatch lists;
    private readonly TimeSpan watchPatience;
    private readonly TimeSpan uploadPatience;

    /// <summary>Makes a client with connections of its own. A proxy of the environment is used, except for this machine.</summary>
    /// <param name="server">The address of the server, such as <c>http://127.0.0.1:9998</c>, with the path under which a proxy publishes
    /// it.</param>
    /// <param name="options">How to talk to it; null for the defaults.</param>
    public StashClient(Uri server, StashClientOptions? options = null)
        : this(Connect(server), server, options ?? new StashClientOptions(), isOwner: true)
    {
    }

    /// <summary>Makes a client on connections of the caller, for which a proxy, certificates or handlers can be set.</summary>
    /// <param name="http">Sends the requests; it is not disposed. Its own timeout also limits uploads, so it should be infinite.</param>
    /// <param name="server">The address of the server.</param>
    /// <param name="options">How to talk to it; null for the defaults.</param>
    public StashClient(HttpClient http, Uri server, StashClientOptions? options = null)
        : this(http, server, options ?? new StashClientOptions(), isOwner: false)
    {
    }

    private StashClient(HttpClient http, Uri server, StashClientOptions options, bool isOwner)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(server);
        if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{server}' is not valid; use an http:// or https:// address.", nameof(server));
        (this.http, this.isOwner) = (http, isOwner);
        api = new ApiSender(http, server, options.Key, options.Timeout, options.MaxRetries, options.Clock);
        watchPatience = options.WatchPatience;
        uploadPatience = options.UploadPatience;
        watch = new JobWatch(api, options.PollInterval, options.WatchPatience);
        lists = new ListWatch(api, options.PollInterval, options.WatchPatience);
    }

    /// <summary>The address of the server.</summary>
    public Uri Server => api.Server;

    /// <summary>Closes the connections, unless they are the caller's.</summary>
    public void Dispose()
    {
        if (isOwner) http.Dispose();
    }

    private static HttpClient Connect(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var handler = new SocketsHttpHandler
        {
            UseProxy = server.IsAbsoluteUri && !server.IsLoopback,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // A refusal that comes before a body is sent: a server that does not know this way gets the body a second later.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
        };
        return new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }
}

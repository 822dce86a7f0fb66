using StashAI.Adapters.Http;
using StashAI.Gateway.Settings;

namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>
/// Owns the connection pools for outgoing requests, one for each purpose, so that a connection is used only for the purpose it was checked
/// for. Callers set the time limits.
/// </summary>
internal sealed class OutboundHttpClientFactory : IDisposable
{
    private readonly RedirectRefusingHandler[] handlers;

    /// <summary>The last of <see cref="FetchFor"/>: the calls of one job, which come one after the other, all have the same.</summary>
    private volatile SharedFetch? lastFetch;

    public OutboundHttpClientFactory(OutboundConnector connector) =>
        handlers = [.. Enum.GetValues<OutboundPurpose>().Select(purpose => new RedirectRefusingHandler(new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(purpose, context, cancellationToken),
            UseProxy = false, // a proxy would connect on our behalf, unchecked
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 256,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8,
        }))];

    /// <summary>Creates a client on a shared pool; disposing the client keeps the pool open.</summary>
    public HttpClient Create(OutboundPurpose purpose = OutboundPurpose.Named) => Over(handlers[(int)purpose]);

    /// <summary>Creates a client that fetches addresses named by a task's items.</summary>
    /// <param name="instance">The instance of the service that the task calls.</param>
    public HttpClient CreateFetch(Uri instance) =>
        Over(new SplitHandler(handlers[(int)OutboundPurpose.Fetch], handlers[(int)OutboundPurpose.FetchFromInstance], instance));

    /// <summary>The client of <see cref="CreateFetch"/> that calls share, since few of them fetch anything; nobody disposes it.</summary>
    /// <param name="instance">The instance of the service that the task calls.</param>
    public HttpClient FetchFor(Uri instance)
    {
        if (lastFetch is { } last && last.Instance.Equals(instance)) return last.Client;
        var client = CreateFetch(instance);
        lastFetch = new SharedFetch(instance, client);
        return client;
    }

    /// <summary>The shared handler for a purpose, to put another around it; nobody else disposes it.</summary>
    public HttpMessageHandler HandlerFor(OutboundPurpose purpose) => handlers[(int)purpose];

    /// <summary>
    /// The handler for the trial of a service that its caller may save: its own address is called as that of a configured service, and any
    /// other as one that a job names.
    /// </summary>
    /// <param name="address">The address of the service.</param>
    public HttpMessageHandler TrialOf(Uri address) =>
        new SplitHandler(handlers[(int)OutboundPurpose.Named], handlers[(int)OutboundPurpose.Trial], address);

    public void Dispose()
    {
        foreach (var handler in handlers) handler.Dispose();
    }

    private static CallClient Over(HttpMessageHandler handler) => new(handler);

    private sealed record SharedFetch(Uri Instance, HttpClient Client);

    /// <summary>Uses a different handler for requests to one address.</summary>
    private sealed class SplitHandler(HttpMessageHandler others, HttpMessageHandler own, Uri address) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isOwn = request.RequestUri is { } uri && uri.Port == address.Port && HostNames.Of(uri) == HostNames.Of(address);
            using var invoker = new HttpMessageInvoker(isOwn ? own : others, disposeHandler: false);
            return await invoker.SendAsync(request, cancellationToken);
        }
    }
}

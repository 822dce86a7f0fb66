namespace StashAI.Server.Security;

/// <summary>Owns the one connection pool for calls to AI services. Time limits of a call belong to the caller.</summary>
internal sealed class OutboundHttpClientFactory : IDisposable
{
    private readonly RedirectRefusingHandler _handler;

    public OutboundHttpClientFactory(OutboundConnector connector)
    {
        _handler = new RedirectRefusingHandler(new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            UseProxy = false, // a proxy would connect on our behalf, unchecked
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 256,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8,
        });
    }

    /// <summary>A client over the shared pool; disposing it leaves the pool open.</summary>
    public HttpClient Create() => new(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _handler.Dispose();
}

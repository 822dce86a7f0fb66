namespace StashAI.Adapters.Http;

/// <summary>
/// The client of calls that end by their own token. <see cref="HttpClient"/> makes a second source of cancellation and a copy of its
/// headers for each request; <see cref="CallAsync"/> does not.
/// </summary>
public sealed class CallClient : HttpClient
{
    private readonly HttpMessageInvoker invoker;

    /// <summary>Creates a client without a time limit over connections that somebody else disposes.</summary>
    public CallClient(HttpMessageHandler handler)
        : base(handler, disposeHandler: false)
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        this.WithDefaults();
        invoker = new HttpMessageInvoker(handler, disposeHandler: false);
    }

    /// <summary>Sends a request to an absolute address with the defaults; returns when the headers of the answer are there.</summary>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public Task<HttpResponseMessage> CallAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        CallDefaults.AddTo(request);
        return invoker.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) invoker.Dispose();
        base.Dispose(disposing);
    }
}

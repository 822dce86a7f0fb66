namespace StashAI.Client.Tests;

/// <summary>Lets a test change requests and answers on their way.</summary>
internal sealed class ScriptedHandler(Func<HttpRequestMessage, HttpMessageInvoker, CancellationToken, Task<HttpResponseMessage>> handle)
    : HttpMessageHandler
{
    private readonly HttpMessageInvoker wire = new(new SocketsHttpHandler { UseProxy = false });

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        handle(request, wire, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing) wire.Dispose();
        base.Dispose(disposing);
    }
}

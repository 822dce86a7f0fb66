using Microsoft.AspNetCore.Http;

namespace StashAI.Testing.ScriptedServices;

/// <summary>The connection that a reply goes to, and the ledger line that it closes.</summary>
internal readonly struct ReplyTarget(HttpContext context, Action end)
{
    public HttpResponse Start(int status, string contentType, long length)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = length;
        return response;
    }

    /// <summary>
    /// Closes the ledger line. Replies call this just before their last bytes: a caller that has its answer may send the
    /// next call at once, and the two must not look as if they ran side by side.
    /// </summary>
    public void End() => end();

    public void Abort() => context.Abort();
}

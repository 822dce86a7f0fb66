using System.Security.Authentication;

namespace StashAI.Adapters.Http;

/// <summary>Why a connection failed, in words: the innermost reason, because the outer messages only say that there is one.</summary>
internal static class FailureText
{
    public static string Of(Exception exception)
    {
        var innermost = exception;
        var isTls = false;
        for (var one = exception; one is not null; one = one.InnerException)
        {
            innermost = one;
            isTls |= one is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };
        }

        if (!isTls) return innermost.Message;
        var hint = innermost.Message.Contains("frame", StringComparison.OrdinalIgnoreCase)
            ? " The port may not use TLS: try http instead of https."
            : "";
        return $"the TLS connection failed: {innermost.Message}{hint}";
    }
}

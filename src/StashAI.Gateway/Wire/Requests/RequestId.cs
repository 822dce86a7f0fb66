using System.Diagnostics;

namespace StashAI.Gateway.Wire.Requests;

/// <summary>The id of a request in the words of other APIs; the log and the traces have it too, without its prefix.</summary>
internal static class RequestId
{
    public static string Of(HttpContext context) => $"req_{Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier}";
}

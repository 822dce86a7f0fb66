using System.Buffers;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Requests;

/// <summary>
/// Refuses a body that its route would not read: whoever sends <c>{"service":"x"}</c> to a route that pauses everything means something
/// else. An empty object is what some clients send with every POST.
/// </summary>
internal sealed class EmptyBodyCheck(RequestDelegate next)
{
    /// <summary>More than this is not an empty object with some space around it.</summary>
    private const int MaxLength = 64;

    public Task InvokeAsync(HttpContext context)
    {
        var isRead = context.GetEndpoint()?.Metadata.GetMetadata<RouteDoc>() is not { Body: null };
        return isRead || HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? next(context) : CheckAndGoOnAsync(context);
    }

    private async Task CheckAndGoOnAsync(HttpContext context)
    {
        await CheckAsync(context);
        await next(context);
    }

    private static async Task CheckAsync(HttpContext context)
    {
        if (context.Request.ContentLength is 0) return;
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            var isEnough = read.IsCompleted || read.Buffer.Length > MaxLength;
            var isEmpty = isEnough && IsEmpty(read.Buffer);
            reader.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
            if (!isEnough) continue;
            if (isEmpty) return;
            throw RequestException.Invalid("body", "this route takes none; leave it out.");
        }
    }

    private static bool IsEmpty(ReadOnlySequence<byte> body)
    {
        if (body.Length > MaxLength) return false;
        ReadOnlySpan<byte> text = body.ToArray();
        return text.Trim(" \t\r\n"u8) is [] or [(byte)'{', (byte)'}'];
    }
}

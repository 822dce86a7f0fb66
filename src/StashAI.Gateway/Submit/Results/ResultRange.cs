using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Answers;
using StashAI.Hosting.Problems;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// Answers with bytes that will not change: whole with a strong <c>ETag</c>, or one range of them (RFC 9110, 14). Results are written again
/// for a range and the bytes before it are not sent, so a download that broke goes on without a copy on the server.
/// </summary>
internal static class ResultRange
{
    /// <summary>Another version of the server may write other bytes.</summary>
    private static readonly Guid Build = typeof(ResultRange).Module.ModuleVersionId;

    /// <param name="context">The request.</param>
    /// <param name="writeAll">Writes all bytes as the answer's body.</param>
    /// <param name="bytes">The bytes from their beginning, in pieces, each of which is valid until the next.</param>
    /// <param name="version">A text that differs whenever the bytes may differ.</param>
    /// <param name="length">How many bytes there are; null where that is known only once they were written.</param>
    public static async Task WriteAsync(
        HttpContext context, Func<Task> writeAll, Func<IAsyncEnumerable<ReadOnlyMemory<byte>>> bytes, string version, long? length = null)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Build} {version}"));
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.AsSpan(0, 12))}\"");
        var headers = context.Response.Headers;
        headers.ETag = tag.ToString();
        headers.AcceptRanges = "bytes";
        headers.CacheControl = "private, no-cache";
        if (EntityTags.IsKnown(context.Request, tag.ToString()))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            context.Response.ContentType = null;
            return;
        }

        if (Wanted(context.Request, tag) is not { } wanted)
        {
            context.Response.ContentLength = length;
            await writeAll();
            return;
        }

        var total = length ?? await CountAsync(bytes(), context.RequestAborted);
        var first = wanted.From ?? Math.Max(0, total - wanted.To!.Value);
        var last = wanted.From is null ? total - 1 : Math.Min(wanted.To ?? long.MaxValue, total - 1);
        if (first > last)
        {
            headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{total}");
            // Thrown, it would lose the header.
            await Problem.RangeNotSatisfiable(total).ExecuteAsync(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{last}/{total}");
        context.Response.ContentLength = last - first + 1;
        await SendAsync(context, bytes(), first, last);
    }

    private static async Task<long> CountAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, CancellationToken cancellationToken)
    {
        long total = 0;
        await foreach (var piece in bytes.WithCancellation(cancellationToken)) total += piece.Length;
        return total;
    }

    private static async Task SendAsync(HttpContext context, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, long first, long last)
    {
        long at = 0;
        var output = context.Response.BodyWriter;
        await foreach (var piece in bytes.WithCancellation(context.RequestAborted))
        {
            var (start, end) = ((int)Math.Clamp(first - at, 0, piece.Length), (int)Math.Clamp(last + 1 - at, 0, piece.Length));
            at += piece.Length;
            if (start < end && !await output.WritePiecesAsync(piece[start..end], context.RequestAborted)) return;
            if (at > last) return;
        }
    }

    /// <summary>The one range that is to be sent; null to send everything.</summary>
    private static RangeItemHeaderValue? Wanted(HttpRequest request, EntityTagHeaderValue tag)
    {
        // Several ranges, and units that nobody knows, are ignored: the whole is a valid answer to them.
        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range) || range.Unit != "bytes" || range.Ranges.Count != 1)
        {
            return null;
        }

        var condition = request.Headers.IfRange.ToString();
        var isSame = condition.Length == 0
            || (EntityTagHeaderValue.TryParse(condition, out var known) && known.Compare(tag, useStrongComparison: true));
        return isSame ? range.Ranges.First() : null;
    }
}

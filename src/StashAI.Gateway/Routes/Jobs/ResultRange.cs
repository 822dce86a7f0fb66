using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Answers;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>
/// Answers with results whose bytes will not change: whole with a strong <c>ETag</c>, or one range of them (RFC 9110, 14). The bytes before
/// the range are made again and not sent, so a download that broke goes on without a copy on the server.
/// </summary>
internal static class ResultRange
{
    /// <param name="context">The request.</param>
    /// <param name="results">How they are written.</param>
    /// <param name="source">Reads them from their beginning.</param>
    /// <param name="version">A text that differs whenever the bytes may differ.</param>
    public static async Task WriteAsync(
        HttpContext context, WrittenResults results, Func<IAsyncEnumerable<IReadOnlyList<TaskView>>> source, string version)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(version));
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
            await results.WriteAsync(context.Response.BodyWriter, source(), context.RequestAborted);
            return;
        }

        long total = 0;
        await foreach (var piece in results.BytesAsync(source()).WithCancellation(context.RequestAborted)) total += piece.Length;
        var first = wanted.From ?? Math.Max(0, total - wanted.To!.Value);
        var last = wanted.From is null ? total - 1 : Math.Min(wanted.To ?? long.MaxValue, total - 1);
        if (first > last)
        {
            headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{total}");
            // Thrown, it would lose the header.
            await NotSatisfiable(total).ExecuteAsync(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{last}/{total}");
        context.Response.ContentLength = last - first + 1;
        await SendAsync(context, results.BytesAsync(source()), first, last);
    }

    /// <summary>416: the range begins behind the end.</summary>
    public static Problem NotSatisfiable(long total) => new(
        "range-not-satisfiable", StatusCodes.Status416RangeNotSatisfiable, "Range not satisfiable",
        $"The results have {total} bytes, and the range begins behind them; leave Range out to get all of them.");

    private static async Task SendAsync(HttpContext context, IAsyncEnumerable<ReadOnlyMemory<byte>> bytes, long first, long last)
    {
        long at = 0;
        var output = context.Response.BodyWriter;
        await foreach (var piece in bytes.WithCancellation(context.RequestAborted))
        {
            var (start, end) = ((int)Math.Clamp(first - at, 0, piece.Length), (int)Math.Clamp(last + 1 - at, 0, piece.Length));
            at += piece.Length;
            if (start < end)
            {
                output.Write(piece.Span[start..end]);
                if ((await output.FlushAsync(context.RequestAborted)).IsCompleted) return;
            }

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

using System.Text.Unicode;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Requests;

/// <summary>
/// Refuses a query whose escapes are not UTF-8. The framework leaves such escapes as they stand, so that <c>?name=caf%E9</c> would mean
/// another name than the client's.
/// </summary>
internal static class QueryText
{
    /// <exception cref="RequestException">A name or a value is not UTF-8.</exception>
    public static void Check(QueryString query)
    {
        if (query.Value is not { } text || !text.Contains('%', StringComparison.Ordinal)) return;
        foreach (var part in text.TrimStart('?').Split('&'))
        {
            if (IsUtf8(part)) continue;
            var name = part.Split('=', 2)[0];
            throw RequestException.Invalid(
                IsUtf8(name) ? Excerpt.Of(Uri.UnescapeDataString(name)) : "query",
                $"'{Excerpt.Of(part)}' has escapes that are not UTF-8; escape the bytes of its UTF-8 form, such as caf%C3%A9 for café.");
        }
    }

    private static bool IsUtf8(string part)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] == '%' && i + 2 < part.Length && char.IsAsciiHexDigit(part[i + 1]) && char.IsAsciiHexDigit(part[i + 2]))
            {
                bytes.Add(Convert.FromHexString(part.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                // Anything else is a character of its own, and ends a sequence of escapes.
                bytes.Add((byte)'.');
            }
        }

        return Utf8.IsValid(bytes.ToArray());
    }
}

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>The body that curl would send.</summary>
internal abstract record CurlBody
{
    private CurlBody()
    {
    }

    /// <summary>A text; its shell variables are marks.</summary>
    internal sealed record Text(string Value) : CurlBody;

    /// <summary>The bytes of a file.</summary>
    internal sealed record File(string Path, byte[] Bytes) : CurlBody;

    /// <summary>A form of several parts.</summary>
    internal sealed record Form(IReadOnlyList<CurlPart> Parts) : CurlBody;
}

/// <summary>One part of a form.</summary>
/// <param name="Value">The text; null for a file.</param>
/// <param name="Bytes">The file's bytes; null for a text.</param>
/// <param name="Type">The content type; null for none.</param>
/// <param name="FileName">The file's name; null for none.</param>
internal sealed record CurlPart(string Name, string? Value, byte[]? Bytes, string? Type, string? FileName);

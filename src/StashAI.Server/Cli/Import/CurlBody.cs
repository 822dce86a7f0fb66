namespace StashAI.Server.Cli.Import;

/// <summary>The body of a request that curl would send.</summary>
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
/// <param name="Name">Its name.</param>
/// <param name="Value">Its text, or null for a file.</param>
/// <param name="Bytes">The file's bytes, or null for a text.</param>
/// <param name="Type">Its content type, or null for none.</param>
/// <param name="FileName">Its file's name, or null for none.</param>
internal sealed record CurlPart(string Name, string? Value, byte[]? Bytes, string? Type, string? FileName);

using DotLiquid;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// A file as templates see it. Its bytes do not pass through the template: it writes a token in their place, which the request
/// replaces while it is sent.
/// </summary>
public sealed class TemplateFile : Drop
{
    private readonly string token;
    private readonly string dataUrl;

    internal TemplateFile(string token, string dataUrl, string contentType, long size) =>
        (this.token, this.dataUrl, ContentType, Size) = (token, dataUrl, contentType, size);

    /// <summary>The media type, for example `image/png`.</summary>
    public string ContentType { get; }

    /// <summary>Bytes.</summary>
    public long Size { get; }

    /// <summary>As a data URL.</summary>
    public string DataUrl => dataUrl;

    /// <summary>As base64.</summary>
    public override string ToString() => token;
}

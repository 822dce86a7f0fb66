namespace StashAI.Gateway.Wire.Previews;

/// <summary>
/// Makes previews of pictures whose decoders this process does not have: HEIC, AVIF, JPEG XL, TIFF and rare JPEGs. Another process does it.
/// </summary>
internal interface IPictureConverter
{
    /// <summary>The preview as JPEG; empty when the picture cannot be used; null when nobody can say at the moment.</summary>
    Task<byte[]?> ConvertAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken);
}

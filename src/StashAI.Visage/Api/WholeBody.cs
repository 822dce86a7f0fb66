using System.Buffers;
using StashAI.Visage.Hosting;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Reads the body of a request.</summary>
internal static class WholeBody
{
    /// <summary>
    /// Reads the body into one array of exactly its length. If it read a stream, the serializer would double its buffer again and again,
    /// and the shared pool would keep every one of these buffers (up to 256 MB for a body of 96 MB).
    /// </summary>
    /// <exception cref="RequestRefusedException">The body is too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpRequest request, VisageOptions options, CancellationToken cancellationToken)
    {
        if (request.ContentLength > options.MaxBodyBytes)
            throw new RequestRefusedException(StatusCodes.Status413PayloadTooLarge, VisageExceptions.TooLarge(options));
        if (request.ContentLength is { } known)
        {
            var body = GC.AllocateUninitializedArray<byte>((int)known);
            await request.Body.ReadExactlyAsync(body, cancellationToken);
            return body;
        }

        while (true)
        {
            var result = await request.BodyReader.ReadAsync(cancellationToken);
            var length = result.Buffer.Length;
            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                request.BodyReader.AdvanceTo(result.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            // The server counts the bytes that were sent; of a compressed body more come out.
            if (length > options.MaxBodyBytes)
            {
                throw new RequestRefusedException(StatusCodes.Status413PayloadTooLarge, VisageExceptions.TooLarge(options));
            }
        }
    }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StashAI.Visage.Hosting;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Reads the body of a request, and says what is wrong with it in words.</summary>
internal static class JsonBody
{
    /// <exception cref="RequestRefusedException">No JSON, or not of this shape.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, VisageOptions options, JsonTypeInfo<T> type)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new RequestRefusedException(
                StatusCodes.Status415UnsupportedMediaType, "Send a JSON body with the header Content-Type: application/json.");
        }

        if (context.Request.ContentLength > options.MaxBodyBytes)
            throw new RequestRefusedException(StatusCodes.Status413PayloadTooLarge, VisageExceptions.TooLarge(options));

        try
        {
            var body = await BytesAsync(context.Request, context.RequestAborted);
            var hasMark = body.Span.StartsWith("\uFEFF"u8);
            return JsonSerializer.Deserialize(body.Span[(hasMark ? 3 : 0)..], type)
                ?? throw new RequestRefusedException(StatusCodes.Status400BadRequest, "The body is null; a JSON object is needed.");
        }
        catch (JsonException bad)
        {
            var field = bad.Path?.TrimStart('$', '.');
            throw new RequestRefusedException(
                StatusCodes.Status400BadRequest,
                string.IsNullOrEmpty(field) ? $"The body is not usable JSON: {Reason(bad)}" : $"{field}: {Reason(bad)}")
            {
                Field = string.IsNullOrEmpty(field) ? null : field,
            };
        }
    }

    /// <summary>
    /// The body in one array of its own length. Read as a stream, the serializer would grow its buffer by doubling, and every
    /// step (256 MB for a body of 96 MB) would stay in the shared pool for as long as the service is used.
    /// </summary>
    private static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is { } length)
        {
            var body = GC.AllocateUninitializedArray<byte>((int)length);
            await request.Body.ReadExactlyAsync(body, cancellationToken);
            return body;
        }

        while (true)
        {
            var result = await request.BodyReader.ReadAsync(cancellationToken);
            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                request.BodyReader.AdvanceTo(result.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static string Reason(JsonException bad)
    {
        // The framework appends positions and names of types, which say nothing to a client.
        var end = bad.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        var text = end < 0 ? bad.Message : bad.Message[..end];
        return text.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) ? "has the wrong type." : text.TrimEnd('.') + ".";
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Intake;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>
/// A JSON body for the gallery, passed on while it arrives. Elements of <c>faces</c> that name faces of results are replaced by these
/// faces; everything else is passed on byte for byte.
/// </summary>
internal sealed class FaceList(HttpContext context, ResultFaces results, IntakeLimits limits)
{
    private const string Name = "faces";

    /// <summary>The most bytes of one element: an embedding and a small picture.</summary>
    private const int MaxElement = 2 * 1024 * 1024;

    private readonly JsonScanner scanner = new();
    private readonly ArrayBufferWriter<byte> element = new();
    private readonly ArrayBufferWriter<byte> member = new();
    private readonly List<ResultFace> named = [];
    private bool isFaces;
    private bool isElement;
    private int index;

    /// <summary>The faces of results that the body names.</summary>
    public IReadOnlyList<ResultFace> Named => named;

    /// <exception cref="RequestException">A face cannot be used; the error names it.</exception>
    /// <exception cref="IntakeException">The body is not JSON, or too large.</exception>
    public async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var part = await body.ReadAsync(cancellationToken);
            try
            {
                if (part.IsCanceled) throw new OperationCanceledException("The reader of the body was cancelled.");
                if (scanner.Position + part.Buffer.Length > limits.MaxBodyBytes)
                    throw IntakeException.TooLarge("the body has too many bytes", IntakeLimits.MaxBodyBytesSetting, limits.MaxBodyBytes);
                foreach (var segment in part.Buffer) await PassAsync(segment, target, cancellationToken);
            }
            finally
            {
                body.AdvanceTo(part.Buffer.End);
            }

            if (part.IsCompleted) break;
        }

        scanner.Complete();
    }

    private async Task PassAsync(ReadOnlyMemory<byte> segment, Stream target, CancellationToken cancellationToken)
    {
        while (!segment.IsEmpty)
        {
            var (read, found) = Read(segment.Span);
            var bytes = segment[..read];
            segment = segment[read..];
            switch (found)
            {
                case Found.ElementStart:
                    // What stands before the brace, such as a comma, is not part of the element.
                    await target.WriteAsync(bytes[..^1], cancellationToken);
                    element.ResetWrittenCount();
                    Keep(bytes.Span[^1..]);
                    break;
                case Found.ElementEnd:
                    Keep(bytes.Span);
                    await ReplaceAsync(target, cancellationToken);
                    break;
                case Found.Nothing when isElement:
                    Keep(bytes.Span);
                    break;
                default:
                    await target.WriteAsync(bytes, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Reads to where an element begins or ends, or to the end of the input.</summary>
    private (int Read, Found Found) Read(ReadOnlySpan<byte> input)
    {
        var rest = input;
        while (true)
        {
            var token = scanner.Read(ref rest, out var piece);
            switch (token)
            {
                case JsonToken.None:
                    return (input.Length - rest.Length, Found.Nothing);
                case JsonToken.NameStart when scanner.Depth == 1:
                    member.ResetWrittenCount();
                    break;
                case JsonToken.NamePiece when scanner.Depth == 1 && member.WrittenCount <= Name.Length:
                    member.Write(piece.Text);
                    break;
                case JsonToken.StartArray when scanner.Depth == 2 && scanner.IsObjectAt(1):
                    isFaces = member.WrittenSpan.SequenceEqual("faces"u8);
                    break;
                case JsonToken.StartArray when isFaces && scanner.Depth == 3:
                case JsonToken.StringStart or JsonToken.NumberStart or JsonToken.Literal when isFaces && scanner.Depth == 2:
                    // The face service refuses these.
                    index++;
                    break;
                case JsonToken.EndArray when scanner.Depth == 1:
                    isFaces = false;
                    break;
                case JsonToken.StartObject when isFaces && scanner.Depth == 3:
                    isElement = true;
                    return (input.Length - rest.Length, Found.ElementStart);
                case JsonToken.EndObject when isElement && scanner.Depth == 2:
                    isElement = false;
                    return (input.Length - rest.Length, Found.ElementEnd);
            }
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (element.WrittenCount + bytes.Length > MaxElement)
            throw RequestException.Invalid($"{Name}[{index}]", $"has more than {MaxElement} bytes; send the picture of a face as it was.");
        element.Write(bytes);
    }

    private async Task ReplaceAsync(Stream target, CancellationToken cancellationToken)
    {
        var bytes = element.WrittenMemory;
        using var document = JsonDocument.Parse(bytes);
        if (ResultFaces.IsOne(document.RootElement))
        {
            var face = await results.ReadAsync(Name, index, document.RootElement, cancellationToken);
            // The result is judged again, so it is changed.
            context.RequireOwn(face.Job);
            named.Add(face);
            await using var json = new Utf8JsonWriter(target);
            face.Write(json);
            await json.FlushAsync(cancellationToken);
        }
        else
        {
            // Only the gateway sends faces in the form of the face service.
            JsonFields.Item(Name, index, document.RootElement).RefuseUnknown("embedding", "image", "quality");
            await target.WriteAsync(bytes, cancellationToken);
        }

        index++;
    }

    private enum Found
    {
        Nothing,
        ElementStart,
        ElementEnd,
    }
}

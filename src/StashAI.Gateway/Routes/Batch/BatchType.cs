using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using StashAI.Gateway.Intake;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>
/// Finds <c>type</c> in the body of a batch before the body is read, because the type decides how. A body whose <c>type</c> follows its
/// items goes through a temporary file.
/// </summary>
internal sealed class BatchType : IAsyncDisposable
{
    /// <summary>How much of a body is searched in memory.</summary>
    private const int MaxInPlace = 64 * 1024;

    private const int MaxTypeLength = 1000;

    private readonly JsonScanner scanner = new();
    private readonly StringBuilder text = new();
    private bool isName;
    private bool isType;
    private FileStream? file;

    /// <summary>The value of <c>type</c>; null when the body has none.</summary>
    public string? Value { get; private set; }

    /// <summary>Searches the body. Afterwards, the request's body can be read from the beginning until the result is disposed.</summary>
    /// <exception cref="IntakeException">The body is malformed, or too large.</exception>
    public static async Task<BatchType> FindAsync(HttpContext context, IntakeLimits limits, CancellationToken cancellationToken)
    {
        var type = new BatchType();
        try
        {
            await type.ReadAsync(context, limits, cancellationToken);
            return type;
        }
        catch
        {
            await type.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => file?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task ReadAsync(HttpContext context, IntakeLimits limits, CancellationToken cancellationToken)
    {
        var body = context.Request.BodyReader;
        long looked = 0;
        while (true)
        {
            var part = await body.ReadAsync(cancellationToken);
            var buffer = part.Buffer;
            if (part.IsCanceled)
            {
                body.AdvanceTo(buffer.Start);
                throw new OperationCanceledException("The reader of the body was cancelled.");
            }

            var isFound = false;
            try
            {
                isFound = Look(buffer.Slice(looked));
                looked = buffer.Length;
                // Only a complete document has a known end; the real reader reports errors.
                if (isFound || part.IsCompleted) return;
            }
            finally
            {
                body.AdvanceTo(buffer.Start, isFound || part.IsCompleted ? buffer.Start : buffer.End);
            }

            if (looked < MaxInPlace) continue;
            await SpoolAsync(context, body, limits, looked, cancellationToken);
            return;
        }
    }

    /// <summary>Writes the body to a file that only this process can read, and replaces the body by it.</summary>
    private async Task SpoolAsync(
        HttpContext context, PipeReader body, IntakeLimits limits, long looked, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        file = new FileStream(Path.Combine(Path.GetTempPath(), $"stashai-{Path.GetRandomFileName()}"), options);
        var skipped = looked;
        while (true)
        {
            var part = await body.ReadAsync(cancellationToken);
            var buffer = part.Buffer;
            try
            {
                if (part.IsCanceled) throw new OperationCanceledException("The reader of the body was cancelled.");
                if (file.Length + buffer.Length > limits.MaxBodyBytes)
                    throw IntakeException.TooLarge("the body has too many bytes", IntakeLimits.MaxBodyBytesSetting, limits.MaxBodyBytes);
                var isKnown = Value is not null;
                var fresh = Math.Max(0, buffer.Length - skipped);
                if (!isKnown) Look(buffer.Slice(buffer.Length - fresh));
                skipped = Math.Max(0, skipped - buffer.Length);
                foreach (var segment in buffer) await file.WriteAsync(segment, cancellationToken);
            }
            finally
            {
                body.AdvanceTo(buffer.End);
            }

            if (part.IsCompleted) break;
        }

        file.Position = 0;
        context.Request.Body = file;
        context.Features.Set<IRequestBodyPipeFeature>(new FileBody(PipeReader.Create(file, new StreamPipeReaderOptions(leaveOpen: true))));
    }

    /// <summary>Searches the next bytes; true when the rest does not matter.</summary>
    private bool Look(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            var rest = segment.Span;
            while (scanner.Read(ref rest, out var piece) is var token and not JsonToken.None)
            {
                if (Accept(token, piece)) return true;
            }
        }

        return false;
    }

    private bool Accept(JsonToken token, JsonPiece piece)
    {
        switch (token)
        {
            case JsonToken.NameStart:
                isName = scanner.Depth == 1;
                text.Clear();
                break;
            case JsonToken.NamePiece when isName:
            case JsonToken.StringPiece when isType:
                if (text.Length <= MaxTypeLength) text.Append(Encoding.UTF8.GetString(piece.Text));
                break;
            case JsonToken.NameEnd:
                isType = isName && text.ToString() == "type";
                isName = false;
                break;
            case JsonToken.StringStart when isType && scanner.Depth == 1:
                text.Clear();
                break;
            case JsonToken.StringEnd when isType && scanner.Depth == 1:
                Value = text.ToString();
                return true;
            case JsonToken.StartObject or JsonToken.StartArray or JsonToken.Literal or JsonToken.NumberStart:
                isType = false;
                break;
        }

        return false;
    }

    private sealed class FileBody(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}

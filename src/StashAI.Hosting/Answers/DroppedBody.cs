using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace StashAI.Hosting.Answers;

/// <summary>
/// The body of an answer to HEAD: its first byte sends the head, and nothing else leaves. A live stream is cut off then, and any other
/// answer after <see cref="MaxBytes"/>.
/// </summary>
internal sealed class DroppedBody : Stream, IHttpResponseBodyFeature
{
    /// <summary>Most answers end before, so that they are logged and counted as complete.</summary>
    private const long MaxBytes = 256 * 1024;

    private readonly HttpResponse response;
    private readonly IHttpResponseBodyFeature inner;
    private long written;

    public DroppedBody(HttpResponse response, IHttpResponseBodyFeature inner)
    {
        (this.response, this.inner) = (response, inner);
        Writer = PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public Stream Stream => this;

    public PipeWriter Writer { get; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        // Without a length of its own, the answer to GET would have the length that is sent.
        response.ContentLength ??= count ?? new FileInfo(path).Length - offset;
        await inner.StartAsync(cancellationToken);
    }

    public async Task CompleteAsync()
    {
        await Writer.CompleteAsync();
        await inner.CompleteAsync();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.StartAsync(cancellationToken);
        written += buffer.Length;
        // Not a cancellation: the framework would close the connection.
        if (written > MaxBytes || IsLive()) throw new HeadSentException();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await Writer.CompleteAsync(new HeadSentException());
        await base.DisposeAsync();
    }

    public override void Flush() => throw new NotSupportedException("Use FlushAsync.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Use WriteAsync.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private bool IsLive() => response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
}

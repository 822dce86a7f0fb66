using System.Net;
using System.Text;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>A JSON body whose last byte comes when the test says so.</summary>
internal sealed class HeldContent : HttpContent
{
    private readonly byte[] body;
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HeldContent(string body)
    {
        this.body = Encoding.UTF8.GetBytes(body);
        Headers.ContentType = new("application/json");
    }

    /// <summary>All but the last byte is on its way.</summary>
    public Task Begun => begun.Task;

    public void Release() => released.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(body.AsMemory(0, body.Length - 1));
        await stream.FlushAsync();
        begun.TrySetResult();
        await released.Task;
        await stream.WriteAsync(body.AsMemory(body.Length - 1));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}

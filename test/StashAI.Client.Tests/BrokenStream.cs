using System.Text;

namespace StashAI.Client.Tests;

/// <summary>Gives a text and then breaks, as a connection does.</summary>
internal sealed class BrokenStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await base.ReadAsync(buffer, cancellationToken) is var read and > 0 ? read : throw new IOException("The connection broke.");
}

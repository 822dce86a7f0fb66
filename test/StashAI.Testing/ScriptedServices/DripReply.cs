namespace StashAI.Testing.ScriptedServices;

/// <summary>A response whose body comes in chunks, each after a pass of the gate.</summary>
internal sealed class DripReply(ReadOnlyMemory<byte> body, Gate gate, int chunkSize) : Reply
{
    public override string Name => "drip 200";

    public override int? StatusCode => 200;

    internal override async Task SendAsync(ReplyTarget target, CancellationToken cancellationToken)
    {
        var response = target.Start(200, "application/json", body.Length);
        await response.BodyWriter.FlushAsync(cancellationToken);
        for (var at = 0; at < body.Length; at += chunkSize)
        {
            await gate.WaitAsync(cancellationToken);
            var chunk = body.Slice(at, Math.Min(chunkSize, body.Length - at));
            if (at + chunk.Length == body.Length)
            {
                target.End();
            }

            await response.BodyWriter.WriteAsync(chunk, cancellationToken);
        }
    }
}

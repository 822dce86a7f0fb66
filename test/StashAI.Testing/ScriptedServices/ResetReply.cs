namespace StashAI.Testing.ScriptedServices;

/// <summary>A connection that breaks before the answer is complete.</summary>
internal sealed class ResetReply(ReadOnlyMemory<byte> firstBytes) : Reply
{
    public override string Name => firstBytes.IsEmpty ? "reset" : "reset after 200";

    public override int? StatusCode => null;

    internal override async Task SendAsync(ReplyTarget target, CancellationToken cancellationToken)
    {
        if (!firstBytes.IsEmpty)
        {
            var response = target.Start(200, "application/json", firstBytes.Length + 1024);
            await response.BodyWriter.WriteAsync(firstBytes, cancellationToken);
        }

        target.End();
        target.Abort();
    }
}

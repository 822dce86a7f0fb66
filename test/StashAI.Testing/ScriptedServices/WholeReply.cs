namespace StashAI.Testing.ScriptedServices;

/// <summary>A complete response.</summary>
internal sealed class WholeReply(int status, string contentType, ReadOnlyMemory<byte> body, string? retryAfter) : Reply
{
    public override string Name { get; } = status.ToString();

    public override int? StatusCode => status;

    internal override Task SendAsync(ReplyTarget target, CancellationToken cancellationToken)
    {
        var response = target.Start(status, contentType, body.Length);
        if (retryAfter is not null)
        {
            response.Headers.RetryAfter = retryAfter;
        }

        target.End();
        return body.IsEmpty ? Task.CompletedTask : response.BodyWriter.WriteAsync(body, cancellationToken).AsTask();
    }
}

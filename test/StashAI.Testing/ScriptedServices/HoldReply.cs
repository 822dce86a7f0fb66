namespace StashAI.Testing.ScriptedServices;

/// <summary>Another reply, sent once the gate lets it pass.</summary>
internal sealed class HoldReply(Gate gate, Reply then) : Reply
{
    public override string Name { get; } = "hold " + then.Name;

    public override int? StatusCode => then.StatusCode;

    internal override async Task SendAsync(ReplyTarget target, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        await then.SendAsync(target, cancellationToken);
    }
}

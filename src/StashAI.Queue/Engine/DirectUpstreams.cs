namespace StashAI.Queue.Engine;

/// <summary>Calls every address as it stands.</summary>
public sealed class DirectUpstreams : IUpstreamResolver
{
    /// <inheritdoc/>
    public Uri? Resolve(Uri upstream) => upstream;
}

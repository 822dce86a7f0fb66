using StashAI.Queue.Services;

namespace StashAI.Queue.Execution;

/// <summary>Calls every address as it stands.</summary>
public sealed class LiteralUpstreams : IUpstreamResolver
{
    /// <inheritdoc/>
    public Uri? Resolve(Uri upstream) => upstream;
}

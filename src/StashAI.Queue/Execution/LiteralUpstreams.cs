using StashAI.Queue.Services;

namespace StashAI.Queue.Execution;

/// <summary>Resolves every address to itself.</summary>
public sealed class LiteralUpstreams : IUpstreamResolver
{
    /// <inheritdoc/>
    public Uri? Resolve(Uri upstream) => upstream;
}

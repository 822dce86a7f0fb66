namespace StashAI.Gateway.Live.Hub;

/// <summary>Reads the services as <c>GET /api/services</c> shows them.</summary>
internal interface ILiveServiceStates
{
    /// <summary>Each service by its name, as a JSON object, whether everything is paused, and until when.</summary>
    Task<(EverythingPause Everything, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Entry)> Services)> ReadAsync(
        CancellationToken cancellationToken);
}

/// <summary>Whether everything is paused.</summary>
/// <param name="IsPaused">True while it is.</param>
/// <param name="Until">When that ends by itself; null when it is not paused, or until somebody resumes.</param>
internal readonly record struct EverythingPause(bool IsPaused, DateTimeOffset? Until);

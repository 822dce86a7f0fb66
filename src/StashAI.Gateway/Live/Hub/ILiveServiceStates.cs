namespace StashAI.Gateway.Live.Hub;

/// <summary>Reads the services as <c>GET /api/services</c> shows them.</summary>
internal interface ILiveServiceStates
{
    /// <summary>Each service by its name, as a JSON object, and whether everything is paused.</summary>
    Task<(bool IsEverythingPaused, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Entry)> Services)> ReadAsync(
        CancellationToken cancellationToken);
}

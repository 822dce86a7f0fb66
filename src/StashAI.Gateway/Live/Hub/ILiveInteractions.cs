using System.Text.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Live.Hub;

/// <summary>Takes the interactions that clients send over their sockets, as `POST /api/interactions` takes them.</summary>
internal interface ILiveInteractions
{
    /// <summary>
    /// Stores one; when this returns it is durable, and <see cref="LiveHub.Publish"/> has been told. Throws
    /// <see cref="RequestException"/> for one that cannot be used.
    /// </summary>
    /// <param name="session">The socket's session, for an interaction that names none.</param>
    /// <param name="interaction">The body of `POST /api/interactions`.</param>
    /// <param name="cancellationToken">The client is gone.</param>
    Task RecordAsync(string session, JsonElement interaction, CancellationToken cancellationToken);
}

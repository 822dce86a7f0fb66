using System.Text.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Live.Hub;

/// <summary>Takes the interactions that clients send over their sockets, as <c>POST /api/interactions</c> takes them.</summary>
internal interface ILiveInteractions
{
    /// <summary>
    /// Stores an interaction. When this returns it is durable and published (<see cref="LiveHub.Publish"/>).
    /// </summary>
    /// <param name="session">The socket's session, used when the interaction names none.</param>
    /// <param name="interaction">The body of <c>POST /api/interactions</c>.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone.</param>
    Task RecordAsync(string session, JsonElement interaction, CancellationToken cancellationToken);
}

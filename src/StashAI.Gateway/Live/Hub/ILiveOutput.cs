using StashAI.Gateway.Live.Messages;

namespace StashAI.Gateway.Live.Hub;

/// <summary>Sends messages to one client.</summary>
internal interface ILiveOutput
{
    /// <summary>Sends a message and returns when the connection has accepted it. Throws when the client is gone or reads nothing.</summary>
    Task SendAsync(LiveMessage message, CancellationToken cancellationToken);
}

using StashAI.Gateway.Live.Messages;

namespace StashAI.Gateway.Live.Hub;

/// <summary>The way to one client.</summary>
internal interface ILiveOutput
{
    /// <summary>Sends a message; returns when the client's connection has taken it. Throws when the client is gone or takes nothing.</summary>
    Task SendAsync(LiveMessage message, CancellationToken cancellationToken);
}

namespace StashAI.Gateway.Live.Messages;

/// <summary>What came over a socket.</summary>
internal enum SocketMessageKind
{
    Text,
    Binary,

    /// <summary>More bytes than a message may have; the rest of it is still on the way.</summary>
    TooBig,

    /// <summary>The client's side is over.</summary>
    Closed,
}

/// <summary>One message of a client.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">Its bytes, until the next message is read.</param>
internal readonly record struct SocketMessage(SocketMessageKind Kind, ReadOnlyMemory<byte> Bytes);

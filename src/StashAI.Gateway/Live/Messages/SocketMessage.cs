namespace StashAI.Gateway.Live.Messages;

/// <summary>The kinds of input from a socket.</summary>
internal enum SocketMessageKind
{
    Text,
    Binary,

    /// <summary>The message is too long; the rest of it is still arriving.</summary>
    TooBig,

    /// <summary>The client has closed its side.</summary>
    Closed,
}

/// <summary>One message of a client.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">Its bytes, valid until the next message is read.</param>
internal readonly record struct SocketMessage(SocketMessageKind Kind, ReadOnlyMemory<byte> Bytes);

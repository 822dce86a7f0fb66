namespace StashAI.Gateway.Live.Messages;

/// <summary>A field of a message, for the documentation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, such as <c>string</c> or <c>number or null</c>.</param>
/// <param name="Meaning">For people.</param>
internal sealed record LiveField(string Name, string Type, string Meaning);

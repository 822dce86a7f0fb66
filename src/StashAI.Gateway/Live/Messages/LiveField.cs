namespace StashAI.Gateway.Live.Messages;

/// <summary>A field of a message, as the documentation shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds: `string`, `number or null`.</param>
/// <param name="Meaning">For people.</param>
internal sealed record LiveField(string Name, string Type, string Meaning);

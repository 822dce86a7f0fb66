namespace StashAI.Gateway.Live.Messages;

/// <summary>A kind of message: what the code sends or understands, and what the documentation is made from.</summary>
/// <param name="Name"><c>type</c> of the message.</param>
/// <param name="Summary">What it is for, in one sentence.</param>
/// <param name="Fields">Its fields besides <c>type</c>; messages of the server also have a <c>timestamp</c>.</param>
/// <param name="Example">One JSON document.</param>
internal sealed record LiveMessageType(string Name, string Summary, IReadOnlyList<LiveField> Fields, string Example);

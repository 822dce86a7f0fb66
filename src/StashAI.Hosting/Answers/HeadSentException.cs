namespace StashAI.Hosting.Answers;

/// <summary>The head of an answer to HEAD is sent, and the route need not go on. To a route it is a client that is gone.</summary>
internal sealed class HeadSentException() : IOException("The answer to HEAD has no body.");

using StashAI.Client.Submit;

namespace StashAI.Server.Cli.Submit;

/// <summary>The items of a submit.</summary>
/// <param name="Items">The items, in order.</param>
/// <param name="Count">How many there are; null where that is known at the end only.</param>
/// <param name="CanBeReadAgain">False for standard input.</param>
internal sealed record ItemSource(IAsyncEnumerable<SubmitItem> Items, int? Count, bool CanBeReadAgain);

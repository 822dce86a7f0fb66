using System.Text.Json;
using StashAI.Client.Submit;

namespace StashAI.Server.Cli.Submit;

/// <summary>The items of a submit.</summary>
/// <param name="Items">The items, in order.</param>
/// <param name="Count">How many there are; null where that is known at the end only.</param>
/// <param name="CanBeReadAgain">False for standard input.</param>
/// <param name="Given">The items as they were given, for a check without a submit.</param>
internal sealed record ItemSource(
    IAsyncEnumerable<SubmitItem> Items, int? Count, bool CanBeReadAgain, IAsyncEnumerable<GivenItem> Given);

/// <summary>An item as it was given.</summary>
/// <param name="Place">Where it stands: <c>phrases.csv:3</c>, or the path of a file.</param>
/// <param name="Json">The item; null for a file.</param>
/// <param name="Error">Why it cannot be used; null where it can be read.</param>
internal sealed record GivenItem(string Place, JsonElement? Json, string? Error = null);

using System.Text.Json;

namespace StashAI.Visage.Api.Requests;

/// <summary>
/// The positional arguments of predict_4: person, number of results, tolerance and two weights (the weights are ignored).
/// </summary>
internal sealed record PositionalRequest
{
    public IReadOnlyList<JsonElement>? Data { get; init; }
}

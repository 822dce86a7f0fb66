using System.Text.Json;

namespace StashAI.Visage.Api.Requests;

/// <summary>Arguments by position, as predict_4 takes them: person, number of results, tolerance, two weights.</summary>
internal sealed record PositionalRequest
{
    public IReadOnlyList<JsonElement>? Data { get; init; }
}

using System.Text.Json;

namespace StashAI.Gateway.Submit.Results;

/// <summary>Results that were judged again, because the gallery changed by one of their faces.</summary>
/// <param name="Judged">How many are judged by now.</param>
/// <param name="Waiting">How many will be, once the face service answers.</param>
/// <param name="Jobs">Their jobs, whose other results and aggregates follow.</param>
internal sealed record JudgedResults(int Judged, int Waiting, IReadOnlyList<Guid> Jobs)
{
    public int Total => Judged + Waiting;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("judged", Judged);
        json.WriteNumber("waiting", Waiting);
        json.WriteStartArray("jobs");
        foreach (var job in Jobs) json.WriteStringValue(job);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

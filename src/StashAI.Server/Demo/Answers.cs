using System.Text.Json;

namespace StashAI.Server.Demo;

/// <summary>Reads the reason for which a server refused a request.</summary>
internal static class Answers
{
    public static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            var problem = JsonSerializer.Deserialize(body, DemoJson.Default.ProblemAnswer);
            if (problem?.Faces is { Count: > 1 } faces)
            {
                return $"it shows {faces.Count} faces; use a photo of only this person";
            }
            if ((problem?.Detail ?? problem?.Title) is { Length: > 0 } reason)
            {
                return reason;
            }
        }
        catch (JsonException)
        {
            // Not problem details: only the status is known.
        }
        return $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}";
    }
}

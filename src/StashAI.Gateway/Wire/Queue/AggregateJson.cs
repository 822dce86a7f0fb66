using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>`aggregate_results` of a job. It lists some people, and `people_url` all of
/// them. A person on many photos has the first of them there, and `items_url` for all.</summary>
internal static class AggregateJson
{
    private const string People = "people";

    /// <summary>The route that lists the items of a person.</summary>
    public static string PathOf(Guid jobId, string person) => $"/api/visage/job/{jobId}/items?person={Uri.EscapeDataString(person)}";

    /// <param name="json">The answer.</param>
    /// <param name="job">The job.</param>
    /// <param name="request">The request that is answered; null for a job that is not stored, whose items nobody can look up later.</param>
    public static void Write(Utf8JsonWriter json, JobView job, HttpRequest? request)
    {
        if (job.Service != VisageAdapter.Name || job.Aggregate.IsEmpty)
        {
            json.WriteRaw("aggregate_results", job.Aggregate);
            return;
        }

        using var document = JsonDocument.Parse(job.Aggregate);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(People, out _))
        {
            json.WriteRaw("aggregate_results", job.Aggregate);
            return;
        }

        json.WriteStartObject("aggregate_results");
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name != People)
            {
                property.WriteTo(json);
                continue;
            }

            json.WriteStartArray(People);
            foreach (var person in property.Value.EnumerateArray()) WritePerson(json, job, person, request);
            json.WriteEndArray();
            if (request is not null && job.TaskType == VisageAdapter.Identify.TaskType)
                json.WriteString("people_url", request.LinkTo($"/api/people?in_job={job.JobId}"));
        }

        json.WriteEndObject();
    }

    private static void WritePerson(Utf8JsonWriter json, JobView job, JsonElement person, HttpRequest? request)
    {
        json.WriteStartObject();
        foreach (var property in person.EnumerateObject()) property.WriteTo(json);
        if (request is not null && person.GetProperty("images").GetInt32() > person.GetProperty("items").GetArrayLength()
            && person.GetProperty("id").GetString() is { Length: > 0 } id)
        {
            json.WriteString("items_url", request.LinkTo(PathOf(job.JobId, id)));
        }

        json.WriteEndObject();
    }
}

using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Upstreams.Gallery;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Erasures;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>
/// <c>DELETE /api/people/{id}</c> and <c>/api/people/erasures</c>: removes a person from the gallery and from everything that is stored.
/// </summary>
internal static class ErasureRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/api/people/{id}", StartAsync).Describe(ErasureDocs.Start).Needs(ApiScope.Operate);
        routes.MapGet("/api/people/erasures", ListAsync).Describe(ErasureDocs.List).Needs(ApiScope.Read);
        routes.MapGet("/api/people/erasures/{id}", ShowAsync).Describe(ErasureDocs.Show).Needs(ApiScope.Read);
    }

    private static async Task StartAsync(HttpContext context, QueueEngine engine, GalleryClient gallery, AuditLog audit, string id)
    {
        var person = GalleryRoutes.IdOf(id);
        var erasure = await engine.Results.Erasures.FindErasureOfAsync($"{person}", context.RequestAborted);
        if (erasure is null or { IsOver: true })
        {
            var (subject, faces) = await FindAsync(gallery, person, isKnown: erasure is not null, context.RequestAborted);
            if (subject is not null)
            {
                erasure = await engine.Results.EraseAsync(subject, context.KeyName(), context.RequestAborted);
                // Neither the name nor the id is kept: deleting a person is a right that people have.
                await audit.WriteAsync(context, "delete", "person", erasure.Id, new { faces });
            }
        }

        context.Response.Headers.Location = context.Request.PathBase.ToUriComponent() + $"/api/people/erasures/{erasure!.Id}";
        await WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json => Write(json, erasure, person));
    }

    /// <summary>The person; null for one who is gone because of an erasure that is known.</summary>
    private static async Task<(ErasedSubject? Subject, int? Faces)> FindAsync(
        GalleryClient gallery, Guid id, bool isKnown, CancellationToken cancellationToken)
    {
        try
        {
            var person = await gallery.ShowAsync(id, cancellationToken);
            return (new ErasedSubject([$"{id}"], [person.Name]), person.Faces);
        }
        catch (RequestException exception) when (exception.Problem.Status == StatusCodes.Status404NotFound && isKnown)
        {
            return (null, null);
        }
        catch (RequestException exception) when (exception.Problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            // The wish is stored all the same, and carried out when the face service can be reached.
            return (new ErasedSubject([$"{id}"], []), null);
        }
    }

    private static async Task ListAsync(HttpContext context, QueueEngine engine)
    {
        var asked = KeyedPage.Of(context);
        var found = await engine.Results.Erasures.ListErasuresAsync(asked.Before, asked.Wanted, context.RequestAborted);
        await asked.WriteAsync(context, found, erasure => erasure.Key, (json, erasure) => Write(json, erasure));
    }

    private static async Task ShowAsync(HttpContext context, QueueEngine engine, string id)
    {
        var erasures = engine.Results.Erasures;
        var erasure = (Guid.TryParse(id, out var guid) ? await erasures.FindErasureAsync(guid, context.RequestAborted) : null)
            ?? throw RequestException.NotFound($"There is no erasure {id}; GET /api/people/erasures lists them.");
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => Write(json, erasure));
    }

    private static void Write(Utf8JsonWriter json, Erasure erasure, Guid? person = null)
    {
        json.WriteStartObject();
        json.WriteString("id", erasure.Id);
        json.WriteString("person_id", person is { } id ? $"{id}" : erasure.Subject?.Ids[0]);
        json.WriteString("state", erasure.IsOver ? "completed" : "running");
        json.WriteString("reason", erasure.Reason);
        json.WriteNumber("jobs_done", erasure.JobsDone);
        json.WriteNumber("jobs_total", erasure.JobsTotal);
        json.WriteNumber("results_changed", erasure.ResultsChanged);
        json.WriteTime("started_at", erasure.StartedAt);
        json.WriteTime("completed_at", erasure.CompletedAt);
        json.WriteEndObject();
    }
}

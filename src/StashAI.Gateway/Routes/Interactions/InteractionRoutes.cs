using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Interactions;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Problems;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Interactions;

/// <summary>
/// <c>/api/interactions</c>: what people do on a client's pages. The answer is sent when it is durable (C-15). A list is stored in one
/// transaction; more than a few thousand go through <c>/api/batch</c>.
/// </summary>
internal sealed class InteractionRoutes(
    IInteractions store,
    ISessions sessions,
    InteractionFeed feed,
    BodyReader bodies,
    IdempotencyKeys keys,
    IntakeLimits limits,
    DirectSettings direct,
    TimeProvider clock)
{
    /// <summary>One transaction must not hold the others up.</summary>
    private const int MaxAtOnce = 5000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/interactions", (HttpContext context, InteractionRoutes interactions) => interactions.AddAsync(context))
            .Describe(RecordDocs.Add).Needs(ApiScope.Submit);
        routes.MapGet("/api/interactions", (HttpContext context, InteractionRoutes interactions) => interactions.ListAsync(context))
            .Describe(RecordDocs.List).Needs(ApiScope.Read);
    }

    private async Task AddAsync(HttpContext context)
    {
        using var idempotency = keys.Begin(context);
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var isList = body.Root.ValueKind == JsonValueKind.Array;
        var interactions = isList
            ? ReadList(body.Root, idempotency)
            : [InteractionJson.Read(JsonFields.Root(body.Root), IdOf(idempotency, 0, isList: false))];
        if (idempotency is not null) await CheckAsync(idempotency, interactions, isList, context.RequestAborted);
        var kept = await store.AddInteractionsAsync(interactions, context.RequestAborted);
        feed.Publish(kept);
        if (!kept[0].IsNew) context.Response.Headers["Idempotency-Replayed"] = "true";
        context.Response.Headers.Location = context.Request.LinkTo($"/api/queue/status/{kept[0].Interaction.Id}");
        await WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            if (isList) WriteIds(json, kept);
            else json.WriteString("task_id", kept[0].Interaction.Id);
            json.WriteString("status", DialectWords.Accepted);
            json.WriteString("state", DialectWords.State(TaskState.Completed));
            json.WriteString("mode", direct.Mode);
            json.WriteTime("submitted_at", kept[0].CreatedAt);
            json.WriteEndObject();
        });
    }

    private List<NewInteraction> ReadList(JsonElement list, IdempotentRequest? idempotency)
    {
        var most = Math.Min(MaxAtOnce, limits.MaxItems);
        var count = list.GetArrayLength();
        if (count == 0) throw RequestException.Missing("body", "The list is empty: send at least one interaction.");
        if (count > most)
        {
            throw new RequestException(Problem.TooLarge(
                $"The list has {count} interactions, and at most {most} are taken at once: send less, or use POST /api/batch.",
                IntakeLimits.MaxItemsSetting));
        }

        return [.. list.EnumerateArray()
            .Select((item, index) => InteractionJson.Read(JsonFields.Item("", index, item), IdOf(idempotency, index, isList: true)))];
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = query.Number(ParameterDoc.LimitFromZero, 100);
        var offset = query.Number(ParameterDoc.ShortOffset, 0);
        var before = query.LongNumber(RecordDocs.BeforeId);
        var (sessionId, userId) = (query.Text(ParameterDoc.Session), query.Text(ParameterDoc.User));
        var page = await store.ListInteractionsAsync(
            new InteractionFilter(sessionId, userId, before, limit + 1, offset), context.RequestAborted);
        var total = sessionId is not null && userId is null
            ? (await sessions.FindSessionAsync(sessionId, context.RequestAborted))?.Recorded ?? 0
            : (int?)null;
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("interactions");
            foreach (var view in page.Take(limit)) InteractionJson.Write(json, view);
            json.WriteEndArray();
            json.WriteNumber("total", Math.Min(page.Count, limit));
            json.WriteNumberOrNull("total_count", total);
            json.WriteNumber("limit", limit);
            json.WriteNumber("offset", offset);
            json.WriteBoolean("has_more", page.Count > limit);
            json.WriteNumberOrNull("next_before_id", page.Count > limit && limit > 0 ? page[limit - 1].Key : null);
            json.WriteEndObject();
        });
    }

    private static void WriteIds(Utf8JsonWriter json, IReadOnlyList<InteractionView> kept)
    {
        json.WriteNumber("accepted", kept.Count);
        json.WriteStartArray("task_ids");
        foreach (var view in kept) json.WriteStringValue(view.Interaction.Id);
        json.WriteEndArray();
    }

    /// <summary>With an idempotency key the ids follow from it, so that the same request again changes nothing.</summary>
    private Guid IdOf(IdempotentRequest? idempotency, int index, bool isList) =>
        idempotency?.IdOf(index, isList) ?? Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>Refuses another request under a key that was used.</summary>
    private async Task CheckAsync(
        IdempotentRequest idempotency, List<NewInteraction> interactions, bool isList, CancellationToken cancellationToken)
    {
        if (await store.FindInteractionAsync(idempotency.IdOf(0, !isList), cancellationToken) is not null)
        {
            throw IdempotentRequest.UsedForOtherRequest();
        }

        for (var i = 0; i <= interactions.Count; i++)
        {
            var found = await store.FindInteractionAsync(idempotency.IdOf(i, isList), cancellationToken);
            if (i == 0 && found is null) return;
            var isSame = i == interactions.Count ? found is null : found is not null && IsSame(found.Interaction, interactions[i]);
            if (!isSame) throw IdempotentRequest.UsedForOtherRequest();
        }
    }

    private static bool IsSame(NewInteraction one, NewInteraction other) =>
        one.Metadata.Span.SequenceEqual(other.Metadata.Span) && one with { Metadata = default } == other with { Metadata = default };
}

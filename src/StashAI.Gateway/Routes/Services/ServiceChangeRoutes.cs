using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Lanes;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Services;

/// <summary><c>PATCH /api/services/{name}</c>: limits of a service, changed while calls run.</summary>
internal static class ServiceChangeRoutes
{
    private static readonly string[] Fields = ["max_parallel", "rate", "burst", "paused", "allowed_hours"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/api/services/{name}", ChangeAsync).Describe(ServiceDocs.Change).Needs(ApiScope.Operate);

    private static async Task ChangeAsync(
        HttpContext context, QueueEngine engine, BodyReader bodies, ServiceList services, ServiceStates states, AuditLog audit, string name)
    {
        if (!await BodyReader.HasBodyAsync(context))
            throw RequestException.Missing("body", "The body must be a JSON object with what is to change.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        var (patch, paused) = Read(fields, body.Root);
        var entry = await services.GetAsync(name, context.RequestAborted);
        CheckBurst(fields, patch, entry.Limits);
        if (!patch.IsEmpty) await engine.SetLimitsAsync(name, patch, context.RequestAborted);
        if (paused is { } pause) await engine.PauseServiceAsync(name, pause, context.RequestAborted);
        await audit.WriteAsync(context, "limits", "service", name, body.Root);
        await ServiceRoutes.ShowAsync(context, states, name);
    }

    private static (LimitPatch Patch, bool? Paused) Read(JsonFields fields, JsonElement root)
    {
        fields.RefuseUnknown(Fields);
        if (!root.EnumerateObject().Any())
            throw RequestException.Missing("body", $"The body names nothing to change: {Excerpt.List(Fields)}.");
        if (root.TryGetProperty("paused", out var paused) && paused.ValueKind == JsonValueKind.Null)
            throw fields.Invalid("paused", "cannot be null, because a declaration pauses nothing; send true or false.");
        var patch = new LimitPatch
        {
            SetsMaxRunning = root.TryGetProperty("max_parallel", out _),
            MaxRunning = fields.Integer("max_parallel", 1, 100_000),
            SetsRate = root.TryGetProperty("rate", out _),
            RatePerSecond = fields.Number("rate", 0.000001, 1e6),
            SetsBurst = root.TryGetProperty("burst", out _),
            RateBurst = fields.Number("burst", 1, 1e6),
            SetsHours = root.TryGetProperty("allowed_hours", out _),
            Hours = ReadHours(fields),
        };
        return (patch, fields.Flag("paused"));
    }

    private static AllowedHours? ReadHours(JsonFields fields)
    {
        if (fields.Text("allowed_hours") is not { } text) return null;
        return AllowedHours.TryParse(text, out var hours, out var error) ? hours : throw fields.Invalid("allowed_hours", error);
    }

    /// <summary>Refuses a burst that would change nothing, because no rate is in force.</summary>
    private static void CheckBurst(JsonFields fields, LimitPatch patch, ServiceLimits limits)
    {
        var rate = (patch.SetsRate ? patch.RatePerSecond : limits.Set.RatePerSecond) ?? limits.Declared.RatePerSecond;
        if (patch.RateBurst is not null && rate is null)
            throw fields.Invalid("burst", "changes nothing without a rate; send rate too, in calls a second.");
    }
}

using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Routes.Health;

/// <summary>
/// <c>/health/live</c> and <c>/health/ready</c> for orchestrators: whether the process answers, and whether it can accept work.
/// </summary>
internal static class ProbeRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", context => WriteAsync(context, StatusCodes.Status200OK, "live"))
            .Describe(HealthDocs.Live).NeedsNothing();
        routes.MapGet("/health/ready", async (HttpContext context, HealthReport health) =>
        {
            var report = await health.ReadAsync(context.RequestAborted);
            if (report.CanWork) await WriteAsync(context, StatusCodes.Status200OK, "ready", report);
            else await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "not_ready", report);
        }).Describe(HealthDocs.Ready).NeedsNothing();
    }

    private static Task WriteAsync(HttpContext context, int status, string word, HealthReport.Result? report = null) =>
        WireJson.WriteAsync(context, status, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", word);
            report?.WriteChecks(json);
            json.WriteEndObject();
        });
}

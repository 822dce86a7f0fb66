using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Wire.Requests;

/// <summary>
/// The members by which a body names its service, although the path has decided: <c>type</c>, as on <c>/api/batch</c>, and the plugin's
/// <c>service_type</c>. A body that names another service went to the wrong route.
/// </summary>
internal static class RouteType
{
    /// <summary>The name of the member that every route knows.</summary>
    public const string Field = "type";

    /// <summary>The name of the member that the plugin sends.</summary>
    public const string ServiceField = "service_type";

    /// <summary>Both members.</summary>
    public static IReadOnlyList<string> Fields { get; } = [Field, ServiceField];

    /// <exception cref="RequestException">The body names another service or another operation than the route.</exception>
    public static void Check(JsonFields body, string service, string operation)
    {
        foreach (var field in Fields) Check(body, field, service, operation);
    }

    /// <exception cref="RequestException">This member names another service or another operation than the route.</exception>
    public static void Check(JsonFields body, string field, string service, string operation)
    {
        string[] right = field == Field ? [$"{service}.{operation}", service] : [service];
        if (body.Text(field) is not { } given || right.Contains(given)) return;
        throw body.Invalid(
            field, $"'{Excerpt.Of(given)}' is not what this route does; use {string.Join(" or ", right)}, leave it out, or send it to "
                + "the route of that service.");
    }
}

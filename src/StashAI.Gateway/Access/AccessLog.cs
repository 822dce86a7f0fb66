using System.Text;
using StashAI.Gateway.Wire.Links;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Access;

/// <summary>
/// Logs a line for each request at the level debug, without secrets: no headers, and no tickets and keys of the query. The framework's own
/// request log would write whole URLs and is off.
/// </summary>
internal sealed partial class AccessLog(RequestDelegate next, TimeProvider clock, ILogger<AccessLog> logger)
{
    private const string Hidden = "***";

    private static readonly HashSet<string> Secrets = new(StringComparer.OrdinalIgnoreCase)
    {
        Credentials.TicketParameter, "api_key", "apikey", "key", "token", "access_token", "x-api-key", "authorization", "password",
    };

    public Task InvokeAsync(HttpContext context) => logger.IsEnabled(LogLevel.Debug) ? LogAsync(context) : next(context);

    /// <summary>The query without secrets.</summary>
    public static string Redact(IQueryCollection query)
    {
        if (query.Count == 0) return "";
        var text = new StringBuilder();
        foreach (var (name, values) in query)
        {
            foreach (var value in values)
            {
                text.Append(text.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=')
                    .Append(Secrets.Contains(name) ? Hidden : Uri.EscapeDataString(value ?? ""));
            }
        }

        return text.ToString();
    }

    /// <summary>The path without secrets: a link to a picture contains its own key.</summary>
    public static string Redact(PathString path) =>
        path.StartsWithSegments(PictureToken.PathPrefix, StringComparison.OrdinalIgnoreCase, out var token) && token.HasValue
            ? $"{PictureToken.PathPrefix}/{Hidden}"
            : path.ToUriComponent();

    private async Task LogAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var (path, query) = (Redact(context.Request.Path), Redact(context.Request.Query));
            var milliseconds = clock.GetElapsedTime(started).TotalMilliseconds;
            var client = context.ClientAddress();
            var caller = context.Features.Get<Caller>()?.Name ?? "nobody";
            LogRequest(context.Request.Method, path, query, context.Response.StatusCode, milliseconds, caller, client);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path}{Query} {Status} in {Milliseconds:0.0} ms by {Caller} from {Client}")]
    private partial void LogRequest(
        string method, string path, string query, int status, double milliseconds, string caller, ClientAddress client);
}

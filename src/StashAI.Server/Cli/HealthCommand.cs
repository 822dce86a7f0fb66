using System.Text.Json;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Cli;

/// <summary>Reads <c>/health</c>, for health checks in containers without another HTTP client.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// Writes the status. Returns 0 when the server is healthy or degraded; 1 when it is not, or does not answer in time.
    /// </summary>
    public static async Task<int> RunAsync(HealthOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        // A proxy from the environment is for the internet, not for the operator's own server.
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var http = new HttpClient(handler) { Timeout = Timeout };
        try
        {
            using var response = await http.GetAsync(new Uri(options.Url, "/health"), cancellationToken);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var status = answer.RootElement.TryGetProperty("status", out var word) ? word.ToString() : "unknown";
            await output.WriteLineAsync($"{options.Url} is {status}.");
            await WriteFailingPartsAsync(answer.RootElement, output);
            return response.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"{options.Url} does not answer: {exception.Message}");
            return ExitCodes.Failure;
        }
    }

    /// <summary>Writes one line for each part that does not work.</summary>
    private static async Task WriteFailingPartsAsync(JsonElement health, TextWriter output)
    {
        if (!health.TryGetProperty("checks", out var checks) || checks.ValueKind != JsonValueKind.Array) return;
        foreach (var check in checks.EnumerateArray())
        {
            if (check.TryGetProperty("detail", out var detail))
            {
                await output.WriteLineAsync(
                    $"{check.GetProperty("name")} is "
                    + $"{check.GetProperty("status")}{(check.TryGetProperty("since", out var since) ? $" since {since}" : "")}: {detail}");
            }
        }
    }
}

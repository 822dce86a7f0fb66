using System.Text.Json;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Cli;

/// <summary>Asks `/health`: for container health checks, where no other client is at hand.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    /// <summary>Writes the status; 0 when the server answered that it can work, 1 when not, or not in time.</summary>
    public static async Task<int> RunAsync(HealthOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        // A proxy of the environment is for the internet, not for a server of ours.
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var http = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(new Uri(options.Url, "/health"), cancellationToken);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var status = answer.RootElement.TryGetProperty("status", out var word) ? word.ToString() : "unknown";
            await output.WriteLineAsync($"{options.Url} is {status}.");
            await TellAsync(answer.RootElement, output);
            return response.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"{options.Url} does not answer: {exception.Message}");
            return ExitCodes.Failure;
        }
    }

    /// <summary>One line for each part that does not do its work.</summary>
    private static async Task TellAsync(JsonElement health, TextWriter output)
    {
        if (!health.TryGetProperty("checks", out var checks) || checks.ValueKind != JsonValueKind.Array) return;
        foreach (var check in checks.EnumerateArray())
        {
            if (check.TryGetProperty("detail", out var detail))
                await output.WriteLineAsync($"{check.GetProperty("name")} is {check.GetProperty("status")}{(check.TryGetProperty("since", out var since) ? $" since {since}" : "")}: {detail}");
        }
    }
}

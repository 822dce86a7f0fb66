using System.Text.Json;
using StashAI.Server.Cli.Options;

namespace StashAI.Server.Cli;

/// <summary>Asks `/health`: for container health checks, where no other client is at hand.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    /// <summary>Writes the status; 0 when the server answered that it can work, 1 when not, or not in time.</summary>
    public static async Task<int> RunAsync(HealthOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(new Uri(options.Url, "/health"), cancellationToken);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var status = answer.RootElement.TryGetProperty("status", out var word) ? word.ToString() : "unknown";
            await output.WriteLineAsync($"{options.Url} is {status}.");
            return response.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"{options.Url} does not answer: {error.Message}");
            return ExitCodes.Failure;
        }
    }
}

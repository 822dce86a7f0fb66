using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Services;

/// <summary>A real `stashai serve` in front of a declared service, and jobs through it.</summary>
internal static class DeclaredRun
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<StashAIProcess> ServeAsync(string variable, string url, params string[] more) =>
        ServeAsync(new Dictionary<string, string?> { [variable] = url }, more);

    public static Task<StashAIProcess> ServeAsync(Dictionary<string, string?> environment, params string[] more) =>
        StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments = ["serve", "--urls", "http://127.0.0.1:0", "--data", "data", "--visage-url", "http://127.0.0.1:9", .. more],
                Environment = environment,
            },
            Cancellation);

    public static async Task<JsonElement> RunAsync(StashAIProcess server, string route, string body)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(route, content, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True((int)response.StatusCode == 202, answer.GetRawText());
        return await EndOfAsync(server, answer.GetProperty("job_id").GetString()!);
    }

    public static async Task<JsonElement> EndOfAsync(StashAIProcess server, string jobId)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var socket = await GatewaySocket.ConnectAsync(server.Url);
        await socket.FollowJobAsync(jobId);
        await socket.UntilAsync(message => message.GetProperty("type").GetString() == "job_progress"
            && message.GetProperty("status").GetString() is not ("pending" or "running"));
        return await http.GetFromJsonAsync<JsonElement>($"/api/queue/job/{jobId}?inputs=none", Cancellation);
    }

    public static double[] Vector(JsonElement task) =>
        [.. task.GetProperty("output_json").GetProperty("embedding").EnumerateArray().Select(number => number.GetDouble())];
}

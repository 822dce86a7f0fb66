using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;

namespace StashAI.EndToEnd.Tests.Databases;

/// <summary>
/// Clients that go on sending jobs and interactions whatever becomes of the database. What they are told must be one of three: it is
/// durable, these are the results and nothing is kept, or try again later.
/// </summary>
internal sealed class DatabaseLoad : IAsyncDisposable
{
    /// <summary>More than a gateway of these tests runs without its database (<c>DIRECT_MAX_ITEMS</c>).</summary>
    public const int LargeJob = 6;

    private readonly ServedGateway gateway;
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentQueue<Answer> answers = new();
    private readonly Lock gate = new();
    private readonly Task[] clients;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int number;

    private DatabaseLoad(ServedGateway gateway, int count)
    {
        this.gateway = gateway;
        clients = [.. Enumerable.Range(0, count).Select(client => Task.Run(() => RunAsync(client)))];
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static DatabaseLoad Start(ServedGateway gateway) => new(gateway, count: 4);

    /// <summary>Completes when so many more answers came that are as wanted.</summary>
    public async Task UntilAsync(Func<Answer, bool> isWanted, int count = 1)
    {
        var seen = answers.Count;
        while (true)
        {
            Task next;
            lock (gate) next = changed.Task;
            if (answers.Skip(seen).Count(isWanted) >= count) return;
            var wait = await Task.WhenAny([next, .. clients]).WaitAsync(TimeSpan.FromSeconds(90), Cancellation);
            if (wait != next) await wait;
        }
    }

    /// <summary>Ends the clients, and checks every answer against what is found afterwards.</summary>
    public async Task<IReadOnlyList<Answer>> EndAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(clients);
        foreach (var answer in answers) await CheckAsync(answer);
        return [.. answers];
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task RunAsync(int client)
    {
        while (!end.IsCancellationRequested)
        {
            var n = Interlocked.Increment(ref number);
            var kind = (client, n % 2) switch { (0, _) => Kind.Large, (1, 0) => Kind.Session, (1, _) => Kind.Interaction, _ => Kind.Small };
            var (path, body) = kind switch
            {
                Kind.Session => ("/api/sessions", $$"""{"session_id":"s{{n}}"}"""),
                Kind.Interaction => ("/api/interactions", $$"""{"session_id":"i{{n}}","action_type":"click","page_path":"/"}"""),
                Kind.Large => ("/api/visage/job", Photos(n, LargeJob)),
                _ => ("/api/visage/job", Photos(n, 1 + (n % 2))),
            };
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await gateway.Http.PostAsync(path, content, Cancellation);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            answers.Enqueue(new Answer(
                kind, n, (int)response.StatusCode, response.Headers.RetryAfter is not null, response.Content.Headers.ContentType?.MediaType,
                json.RootElement.Clone()));
            lock (gate)
            {
                changed.TrySetResult();
                changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private async Task CheckAsync(Answer answer)
    {
        var body = answer.Body;
        switch (answer.Status)
        {
            case 202 when answer.Kind is Kind.Session:
                Assert.Equal(
                    $"s{answer.Number}", (await gateway.GetAsync($"/api/sessions/s{answer.Number}")).GetProperty("session_id").GetString());
                break;
            case 202 when answer.Kind is Kind.Interaction:
                Assert.Equal(
                    1,
                    (await gateway.GetAsync($"/api/interactions?session_id=i{answer.Number}")).GetProperty("interactions")
                        .GetArrayLength());
                break;
            case 202:
                Assert.Equal(
                    "completed", (await gateway.EndOfAsync(body.GetProperty("job_id").GetString()!)).GetProperty("status").GetString());
                break;
            case 200:
                Assert.Equal(Kind.Small, answer.Kind);
                Assert.Equal("direct", body.GetProperty("mode").GetString());
                Assert.False(body.GetProperty("durable").GetBoolean());
                Assert.Equal(
                    Enumerable.Range(0, 1 + (answer.Number % 2)).Select(i => $"{answer.Number}.{i}"),
                    body.GetProperty("results").EnumerateArray()
                        .Select(result => result.GetProperty("output_json").GetProperty("is").GetString()));
                using (var gone = await gateway.Http.GetAsync($"/api/queue/job/{body.GetProperty("job_id").GetString()}", Cancellation))
                    Assert.Equal(404, (int)gone.StatusCode);
                break;
            default:
                Assert.True(answer.Status is 503 or 507 && answer.RetriesLater, $"{answer.Kind}: {answer.Status} {body}");
                Assert.Equal("application/problem+json", answer.ContentType);
                Assert.Equal(answer.Status, body.GetProperty("status").GetInt32());
                Assert.NotEmpty(body.GetProperty("detail").GetString()!);
                Assert.StartsWith("urn:stashai:problem:", body.GetProperty("type").GetString(), StringComparison.Ordinal);
                break;
        }
    }

    private static string Photos(int job, int count) =>
        $$"""{"images":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{job}.{i}"))}\""))}}]}""";

    public enum Kind
    {
        Small,
        Large,
        Interaction,
        Session,
    }

    public sealed record Answer(Kind Kind, int Number, int Status, bool RetriesLater, string? ContentType, JsonElement Body)
    {
        public bool IsDurable => Status == 202;

        public bool IsUnkept => Status == 200;

        public bool IsRefused => Status is 503 or 507;
    }
}

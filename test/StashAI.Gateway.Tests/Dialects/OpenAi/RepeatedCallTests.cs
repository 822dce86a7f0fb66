using System.Text;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>Direct calls that are sent again while the first waits: an SDK does so when its connection breaks.</summary>
public sealed class RepeatedCallTests
{
    private const string Events = "data: 1\n\ndata: [DONE]\n\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_whose_first_client_left_is_made_again_for_the_one_that_waits(bool isStream)
    {
        using var waits = new Waits();
        await using var host = await OpenAiHost.StartAsync(configure: builder => Intercepting.In<IRead>(builder, waits.Answer));
        host.Engine.Script = call => call.Try == 1 ? Reply.Hang() : Reply.Json(isStream ? Events : OpenAiHost.Completion("x"));
        using var away = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var left = SendAsync(away.Token);
        await host.Engine.Ledger.WaitForCallsAsync(1, Cancellation);
        await waits.First.WaitAsync(Cancellation);
        var again = SendAsync(Cancellation);
        await waits.Second.WaitAsync(Cancellation);

        await away.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        await CheckAsync(await again);
        // The answer of the new call is that of the key from now on.
        await CheckAsync(await SendAsync(Cancellation));
        Assert.Equal(2, host.Services.Calls.Count);

        Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken)
        {
            var body = isStream ? OpenAiHost.Body("x").Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal)
                : OpenAiHost.Body("x");
            var request = new HttpRequestMessage(HttpMethod.Post, OpenAiHost.Chat)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
                Headers = { { "Idempotency-Key", "one" } },
            };
            return host.Http.SendAsync(request, cancellationToken);
        }

        async Task CheckAsync(HttpResponseMessage response)
        {
            using (response)
            {
                var text = await response.Content.ReadAsStringAsync(Cancellation);
                Assert.True(response.IsSuccessStatusCode, text);
                if (isStream) Assert.Equal(Events, text);
            }
        }
    }

    /// <summary>
    /// Holds the wait of the first client until it leaves, so that the next wait is that of the second.
    /// </summary>
    private sealed class Waits : IDisposable
    {
        private readonly SemaphoreSlim first = new(0);
        private readonly SemaphoreSlim second = new(0);
        private int count;

        public Task First => first.WaitAsync(Cancellation);

        public Task Second => second.WaitAsync(Cancellation);

        public Task<IReadOnlyList<JobView>>? Answer(string method, object?[] arguments)
        {
            if (method != nameof(IRead.FindJobsAsync)) return null;
            var number = Interlocked.Increment(ref count);
            if (number == 2) second.Release();
            if (number != 1) return null;
            first.Release();
            return HoldAsync((CancellationToken)arguments[1]!);
        }

        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }

        private static async Task<IReadOnlyList<JobView>> HoldAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return [];
        }
    }
}

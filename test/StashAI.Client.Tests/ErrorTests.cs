using System.Net;
using StashAI.Client.Errors;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Client.Tests;

public sealed class ErrorTests(RunningServer server)
{
    private static readonly StashClientOptions Hasty = new() { MaxRetries = 1 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        using var client = new StashClient(new Uri("http://127.0.0.1:1"), Hasty);

        var exception = await Assert.ThrowsAsync<StashUnreachableException>(() => client.ServicesAsync(Cancellation));

        Assert.StartsWith("http://127.0.0.1:1 does not answer: ", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StashUnreachableException>(() => client.WaitAsync(Guid.NewGuid(), Cancellation));
    }

    [Fact]
    public async Task A_server_of_another_kind_is_recognized()
    {
        await using var other = await ScriptedService.StartAsync(Cancellation);
        other.Script = _ => Reply.Json("\"hello\"");
        using var client = new StashClient(new Uri(other.Url), Hasty);

        await Assert.ThrowsAsync<StashProtocolException>(() => client.ServicesAsync(Cancellation));
    }

    [Fact]
    public async Task A_key_is_needed_sent_and_weighed()
    {
        using var folder = new TempFolder();
        await using var own =
            await server.ServeAsync(folder.Path, "http://127.0.0.1:0",
                ("API_KEYS", "read:reader-key-of-this-test,admin:admin-key-of-this-test"));
        using var without = new StashClient(new Uri(own.Url));
        using var reader = new StashClient(new Uri(own.Url), new StashClientOptions { Key = "reader-key-of-this-test" });
        using var admin = new StashClient(new Uri(own.Url), new StashClientOptions { Key = "admin-key-of-this-test" });

        Assert.Equal(HttpStatusCode.Unauthorized,
            (await Assert.ThrowsAsync<StashNotAllowedException>(() => without.ServicesAsync(Cancellation))).Status);
        Assert.NotEmpty(await reader.ServicesAsync(Cancellation));
        var refused =
            await Assert.ThrowsAsync<StashNotAllowedException>(() =>
                reader.SubmitTextsAsync("echo.up", ["a"], cancellationToken: Cancellation));
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        var job = (await admin.SubmitTextsAsync("echo.up", ["a"], cancellationToken: Cancellation)).JobId;
        Assert.True((await reader.WaitAsync(job, Cancellation)).IsOver);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        using var client = server.Connect();

        await Assert.ThrowsAsync<StashNotFoundException>(() => client.JobAsync(Guid.NewGuid(), Cancellation));
        await Assert.ThrowsAsync<StashNotFoundException>(() => client.ServiceAsync("nobody", Cancellation));
        await Assert.ThrowsAsync<StashNotFoundException>(() => client.SubmitTextsAsync("nobody", ["a"], cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData(503, 2)]
    [InlineData(429, 2)]
    [InlineData(507, 1)]
    [InlineData(500, 1)]
    public async Task A_read_is_tried_again_where_that_helps(int status, int calls)
    {
        var sent = 0;
        using var client = server.Connect(
            (request, _, _) =>
            {
                sent++;
                return Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request });
            },
            Hasty);

        await Assert.ThrowsAnyAsync<StashException>(() => client.ServicesAsync(Cancellation));

        Assert.Equal(calls, sent);
    }

    [Fact]
    public async Task A_retry_of_a_job_is_not_sent_twice()
    {
        var sent = 0;
        using var client = server.Connect((_, _, _) =>
        {
            sent++;
            throw new HttpRequestException("The connection broke.");
        });

        await Assert.ThrowsAsync<StashUnreachableException>(() => client.RetryAsync(Guid.NewGuid(), cancellationToken: Cancellation));

        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_unreachable()
    {
        using var client = server.Connect(
            async (_, _, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                throw new InvalidOperationException();
            },
            Hasty with { Timeout = TimeSpan.FromMilliseconds(50) });

        var exception = await Assert.ThrowsAsync<StashUnreachableException>(() => client.ServicesAsync(Cancellation));

        Assert.Contains("did not answer within 0.05 s", exception.Message, StringComparison.Ordinal);
    }
}

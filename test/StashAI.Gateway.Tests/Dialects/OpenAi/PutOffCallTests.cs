using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>Direct calls that the service asks to wait.</summary>
public sealed class PutOffCallTests
{
    private const string Refusal = """{"error":{"message":"Quota.","type":"insufficient_quota","code":"insufficient_quota"}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429, false)]
    [InlineData(503, false)]
    [InlineData(429, true)]
    public async Task A_long_pause_is_passed_on_with_the_answer_of_the_service(int status, bool isStream)
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = _ => Asking(status, 30);

        using var answer = await SendAsync(host, isStream);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 20, 30);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("Quota.", document.RootElement.GetProperty("error").Text("message"));
        Assert.Single(host.Services.Calls);
        var task = (await host.Gateway.GetAsync("/api/tasks")).GetProperty("data").EnumerateArray().Single();
        Assert.Equal("cancelled", task.Text("state"));
    }

    [Fact]
    public async Task A_short_pause_is_waited_for()
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = call => host.Services.Calls.Count == 1 ? Asking(429, 1) : OpenAiHost.Answer(call);

        using var answer = await SendAsync(host, isStream: false);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, host.Services.Calls.Count);
    }

    private static Reply Asking(int status, int seconds) => Reply.Status(status, Refusal, TimeSpan.FromSeconds(seconds));

    private static async Task<HttpResponseMessage> SendAsync(OpenAiHost host, bool isStream)
    {
        var body = OpenAiHost.Body("x");
        if (isStream) body = body.Insert(1, "\"stream\":true,");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.Http.PostAsync(OpenAiHost.Chat, content, Cancellation);
    }
}

using System.Net;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>An answer that is given to every call, without a network.</summary>
internal sealed class CannedAnswer(int status, byte[] body, string? type, string? coding = null) : HttpMessageHandler
{
    /// <summary>What the rules for JSON make of it.</summary>
    public async Task<TaskOutcome> ReadAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient(this, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://service.test/x");
        return await UpstreamCall.SendAsync(http, request, AnswerRules.Default, cancellationToken);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
        if (type is not null) response.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (coding is not null) response.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return Task.FromResult(response);
    }
}

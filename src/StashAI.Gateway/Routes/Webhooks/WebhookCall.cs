using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary>
/// Sends a delivery once. The outbound policy holds as for addresses that jobs name, and is checked at each connection; redirects are not
/// followed.
/// </summary>
internal sealed class WebhookCall(OutboundHttpClientFactory clients, ISigningKeys keys, TimeProvider clock)
{
    /// <summary>How long a receiver may take, from the connection to the end of its answer.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>Why a webhook is disabled, and its event given up, after an answer 410.</summary>
    public const string GoneMessage = "The receiver answered 410: it wants no more events.";

    /// <summary>How much of an answer is kept, in bytes.</summary>
    private const int AnswerBytes = 1024;

    /// <summary>What came of the call. A webhook that answers 410 is not called again.</summary>
    public async Task<(DeliveryOutcome Outcome, bool IsGone)> SendAsync(ClaimedDelivery claimed, CancellationToken cancellationToken)
    {
        var (delivery, webhook) = claimed;
        if (delivery.Content.Url is null && webhook is not { IsEnabled: true })
        {
            var reason = webhook is null ? "The webhook was removed." : "The webhook is disabled.";
            return (new DeliveryOutcome { State = DeliveryState.GivenUp, Error = reason }, false);
        }

        var began = clock.GetTimestamp();
        try
        {
            using var time = new CancellationTokenSource(Timeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
            try
            {
                using var request = await RequestAsync(delivery.Content, webhook, cancellationToken);
                using var http = clients.Create();
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
                var answer = await TryReadAsync(response, either.Token);
                return (OutcomeOf(delivery, response, answer, clock.GetElapsedTime(began)), response.StatusCode == HttpStatusCode.Gone);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return (Failed($"There was no answer within {Timeout.TotalSeconds:0} s."), false);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OutboundRefusedException)
        {
            return (Failed(ReasonOf(exception)), false);
        }

        DeliveryOutcome Failed(string error) => new()
        {
            State = DeliveryState.Waiting,
            Delay = WebhookRetry.DelayAfter(delivery.Attempts, Random.Shared.NextDouble()),
            Error = error,
            Duration = clock.GetElapsedTime(began),
        };
    }

    private async Task<HttpRequestMessage> RequestAsync(NewDelivery content, Webhook? webhook, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        byte[][] secrets = content.Url is { } named
            ? [WebhookSecrets.OfAddress(await keys.ReadSigningKeyAsync(WebhookSecrets.KeyName, cancellationToken), content.Owner, named)]
            : webhook is { OldSecret: { } old } && webhook.OldSecretUntil > now ? [webhook.Secret, old] : [webhook!.Secret];
        var (id, timestamp, body) = (WebhookMessage.IdOf(content), now.ToUnixTimeSeconds(), WebhookMessage.BodyOf(content));
        var request = new HttpRequestMessage(HttpMethod.Post, content.Url ?? webhook!.Url) { Content = new ByteArrayContent(body) };
        request.Options.Set(RedirectRefusingHandler.HidesAddress, true);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookMessage.IdHeader, id);
        request.Headers.Add(WebhookMessage.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookMessage.SignatureHeader, WebhookMessage.Sign(secrets, id, timestamp, body));
        return request;
    }

    private DeliveryOutcome OutcomeOf(Delivery delivery, HttpResponseMessage response, string? answer, TimeSpan duration)
    {
        var isGone = response.StatusCode == HttpStatusCode.Gone;
        return new DeliveryOutcome
        {
            State = response.IsSuccessStatusCode ? DeliveryState.Delivered : isGone ? DeliveryState.GivenUp : DeliveryState.Waiting,
            Delay = WebhookRetry.DelayAfter(delivery.Attempts, Random.Shared.NextDouble(), AskedDelay(response)),
            Status = (int)response.StatusCode,
            Error = response.IsSuccessStatusCode ? null
                : isGone ? GoneMessage
                : $"The receiver answered {(int)response.StatusCode}.",
            Answer = answer,
            Duration = duration,
        };
    }

    private TimeSpan? AskedDelay(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } asked ? asked.Delta ?? asked.Date - clock.GetUtcNow() : null;

    /// <summary>The beginning of an answer; null when it cannot be read, because the status says enough.</summary>
    private static async Task<string?> TryReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(response, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<string?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[AnswerBytes];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = new StringBuilder(Encoding.UTF8.GetString(buffer.AsSpan(0, length)));
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\n' or '\t')) text[i] = ' ';
        }

        return length == 0 ? null : text.ToString();
    }

    private static string ReasonOf(Exception exception)
    {
        var innermost = exception;
        while (innermost is not OutboundRefusedException && innermost.InnerException is { } inner) innermost = inner;
        return innermost.Message;
    }
}

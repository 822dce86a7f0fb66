using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Submit;

/// <summary>Resolves who a job names in <c>config.webhook</c>: a webhook by its name or id, or an address of its own.</summary>
internal sealed class WebhookTargets(IWebhooks webhooks, OutboundPolicy policy)
{
    /// <summary>The field of a submit.</summary>
    public const string Field = "config.webhook";

    /// <summary>True for an address; otherwise it is a name or an id.</summary>
    public static bool IsAddress(string text) => text.Contains("://", StringComparison.Ordinal);

    /// <summary>What is stored with the job: the id of a webhook without hyphens, or an address.</summary>
    /// <exception cref="RequestException">There is no such webhook, it is disabled, or the address is not valid.</exception>
    /// <exception cref="StashAI.Sdk.OutboundRefusedException">The address may not be called.</exception>
    public async Task<string> ResolveAsync(string named, CancellationToken cancellationToken)
    {
        if (IsAddress(named)) return (await CheckAsync(named, Field, cancellationToken)).AbsoluteUri;
        var found = Guid.TryParse(named, out var id)
            ? await webhooks.FindWebhookAsync(id, cancellationToken)
            : await webhooks.FindWebhookAsync(named, cancellationToken);
        if (found is null)
        {
            throw RequestException.Invalid(
                Field, $"there is no webhook '{Excerpt.Of(named)}'; name one that an admin has made, or send an http or https address.");
        }

        return found.IsEnabled
            ? found.Id.ToString("N")
            : throw RequestException.Invalid(Field, $"the webhook '{Excerpt.Of(named)}' is disabled; name another, or leave it out.");
    }

    /// <summary>An address that the server may call.</summary>
    public async Task<Uri> CheckAsync(string url, string field, CancellationToken cancellationToken)
    {
        if (url.Length > JobSettings.MaxWebhookLength || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https"))
        {
            throw RequestException.Invalid(
                field, $"must be an http or https address of at most {JobSettings.MaxWebhookLength} characters.");
        }

        if (uri.Fragment.Length > 0) throw RequestException.Invalid(field, "must not have a fragment (#…).");
        await policy.CheckAsync(uri, field, cancellationToken);
        return uri;
    }
}

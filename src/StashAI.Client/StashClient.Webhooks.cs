using System.Runtime.CompilerServices;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>Lists the webhooks, newest first. Pages are read as they are needed.</summary>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<Webhook> WebhooksAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(Routes.Webhooks, [], [], StashJsonContext.Default.WirePageWebhook, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var webhook in page.Data) yield return webhook;
        }
    }

    /// <summary>Reads a webhook, without its secret.</summary>
    /// <param name="webhook">The id or the name of the webhook.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such webhook.</exception>
    public Task<Webhook> WebhookAsync(string webhook, CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.Webhook, Routes.Webhook.Fill([webhook]), StashJsonContext.Default.Webhook, cancellationToken);

    /// <summary>Creates a webhook. Only this answer has its secret.</summary>
    /// <param name="webhook">Where to, and which events.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashInvalidRequestException">A field is not valid, or the address may not be called.</exception>
    /// <exception cref="StashConflictException">Another webhook has the name.</exception>
    public Task<Webhook> CreateWebhookAsync(NewWebhook webhook, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        return SendAsync(
            Routes.CreateWebhook, [], webhook, StashJsonContext.Default.NewWebhook, StashJsonContext.Default.Webhook, cancellationToken);
    }

    /// <summary>Changes a webhook.</summary>
    /// <param name="webhook">The id or the name of the webhook.</param>
    /// <param name="change">What to change.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such webhook.</exception>
    /// <exception cref="StashInvalidRequestException">A field is not valid, or the address may not be called.</exception>
    /// <exception cref="StashConflictException">Another webhook has the name.</exception>
    public Task<Webhook> ChangeWebhookAsync(string webhook, WebhookChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return SendAsync(
            Routes.ChangeWebhook, [webhook], change, StashJsonContext.Default.WebhookChange, StashJsonContext.Default.Webhook,
            cancellationToken);
    }

    /// <summary>Deletes a webhook. What waits for it is not sent any more.</summary>
    /// <param name="webhook">The id or the name of the webhook.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such webhook.</exception>
    public Task DeleteWebhookAsync(string webhook, CancellationToken cancellationToken = default) =>
        api.SendAsync(Routes.DeleteWebhook, Routes.DeleteWebhook.Fill([webhook]), cancellationToken);

    /// <summary>Gives a webhook a new secret, which only this answer has.</summary>
    /// <param name="webhook">The id or the name of the webhook.</param>
    /// <param name="keep">How long the old secret signs too, up to 30 days; null for a day.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such webhook.</exception>
    public Task<Webhook> RotateWebhookSecretAsync(string webhook, TimeSpan? keep = null, CancellationToken cancellationToken = default) =>
        SendAsync(
            Routes.RotateWebhook, [webhook], new WireRotation((long?)keep?.TotalSeconds), StashJsonContext.Default.WireRotation,
            StashJsonContext.Default.Webhook, cancellationToken);

    /// <summary>Sends an event <c>webhook.test</c>. The answer is the delivery before it is sent.</summary>
    /// <param name="webhook">The id or the name of the webhook.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such webhook.</exception>
    /// <exception cref="StashConflictException">The webhook is disabled.</exception>
    public Task<WebhookDelivery> TestWebhookAsync(string webhook, CancellationToken cancellationToken = default) =>
        api.ReadAsync(
            Routes.TestWebhook, Routes.TestWebhook.Fill([webhook]), StashJsonContext.Default.WebhookDelivery, cancellationToken);

    /// <summary>Lists what a webhook was sent, newest first. Pages are read as they are needed.</summary>
    /// <param name="webhook">The id or the name of the webhook; <c>jobs</c> for the addresses that jobs name.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="StashNotFoundException">There is no such webhook.</exception>
    public async IAsyncEnumerable<WebhookDelivery> WebhookDeliveriesAsync(
        string webhook, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            Routes.WebhookDeliveries, [webhook], [], StashJsonContext.Default.WirePageWebhookDelivery, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var delivery in page.Data) yield return delivery;
        }
    }

    /// <summary>Sends an event again, with the same id. The answer is the delivery before it is sent.</summary>
    /// <param name="webhook">The id or the name of the webhook; <c>jobs</c> for the addresses that jobs name.</param>
    /// <param name="delivery">The id of the delivery.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such webhook or delivery.</exception>
    public Task<WebhookDelivery> ReplayWebhookDeliveryAsync(
        string webhook, Guid delivery, CancellationToken cancellationToken = default) =>
        api.ReadAsync(
            Routes.ReplayDelivery, Routes.ReplayDelivery.Fill([webhook, delivery.ToString()]), StashJsonContext.Default.WebhookDelivery,
            cancellationToken);
}

using System.Net.Http.Headers;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Previews;
using StashAI.Queue.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>Asks the configured face service for previews: it has the decoders, in a process of its own.</summary>
internal sealed class VisagePreviews(IUpstreamResolver services, OutboundHttpClientFactory clients, TimeProvider clock) : IPictureConverter
{
    private const string Path = "/api/preview";

    /// <summary>The largest preview; they have some hundred kilobytes.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public async Task<byte[]?> ConvertAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        if (services.Resolve(ServiceUri.For(VisageAdapter.Name, Path)) is not { } address) return null;
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var content = new ReadOnlyMemoryContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        try
        {
            using var http = clients.Create(OutboundPurpose.Configured);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            // The service has seen the picture and cannot use it. Everything else may be different next time.
            if ((int)answer.StatusCode is 413 or 422) return [];
            if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentType?.MediaType != "image/jpeg") return null;
            await answer.Content.LoadIntoBufferAsync(MaxBytes, either.Token);
            return await answer.Content.ReadAsByteArrayAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OutboundRefusedException)
        {
            return null;
        }
    }
}

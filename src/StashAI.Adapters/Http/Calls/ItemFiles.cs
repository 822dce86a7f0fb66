using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Opens the files of an item: those stored with it, and those that it refers to by URL, which are downloaded.</summary>
internal static class ItemFiles
{
    /// <summary>The slot of the file when the item itself is the file.</summary>
    public const string ItemSlot = "file";

    /// <summary>The largest file that is downloaded from a URL, in bytes.</summary>
    private const int MaxFetchedBytes = 64 * 1024 * 1024;

    /// <returns>The files in the order of the schema; or the outcome of the task when one of them cannot be downloaded.</returns>
    public static async Task<(IReadOnlyList<FilePart> Files, TaskOutcome? Failure)> OpenAsync(
        TaskContext context, FieldSchema schema, JsonElement? item, CancellationToken cancellationToken)
    {
        var files = new List<FilePart>();
        foreach (var field in schema.FileFields)
        {
            var slot = field.Length == 0 ? ItemSlot : field;
            if (context.Payloads.FirstOrDefault(payload => payload.Slot == slot) is { } payload)
            {
                files.Add(await FilePart.OpenAsync(field, payload, cancellationToken));
            }
            else if (UrlOf(field, item) is { } url)
            {
                var (file, failure) = await FetchAsync(field, url, context, cancellationToken);
                if (failure is not null) return ([], failure);
                files.Add(file!);
            }
        }

        return (files, null);
    }

    /// <summary>The address that an item names for a file; null for none.</summary>
    public static string? UrlOf(string field, JsonElement? item)
    {
        if (item is not { ValueKind: JsonValueKind.Object } value) return null;
        if (field.Length > 0 && !(value.TryGetProperty(field, out value) && value.ValueKind == JsonValueKind.Object)) return null;
        return value.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String ? url.GetString() : null;
    }

    private static async Task<(FilePart? File, TaskOutcome? Failure)> FetchAsync(
        string field, string url, TaskContext context, CancellationToken cancellationToken)
    {
        var name = NameOf(field);
        var (answer, failure) = await OpenUrlAsync(field, url, context.Fetch, cancellationToken);
        if (answer is null) return (null, failure);
        using var response = answer;
        try
        {
            var status = (int)response.StatusCode;
            var bytes = await AnswerBody.ReadAsync(
                response.Content, MaxFetchedBytes + 1, cancellationToken, memory: context.Memory);
            if (bytes.Length > MaxFetchedBytes)
            {
                return (null, new TaskOutcome.Failed(
                    ErrorKind.InvalidInput, $"{name}: {url} is larger than {MaxFetchedBytes >> 20} MB.", CallReport.None));
            }

            if (bytes.Length == 0)
            {
                var empty = $"{name}: {url} answered {status} with an empty file.";
                return (null, new TaskOutcome.Failed(ErrorKind.InvalidInput, empty, new CallReport(status)));
            }

            return (FilePart.Fetched(field, bytes, response.Content.Headers.ContentType?.MediaType), null);
        }
        catch (AnswerException exception)
        {
            var message = $"{name}: the answer of {url} {exception.Message}.";
            return (null, exception.MayPass
                ? new TaskOutcome.Retry(ErrorKind.InvalidInput, message, CallReport.None)
                : new TaskOutcome.Failed(ErrorKind.InvalidInput, message, CallReport.None));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, CutOff(field, url, exception));
        }
    }

    /// <summary>The outcome for an address whose answer began, and broke off.</summary>
    public static TaskOutcome.Retry CutOff(string field, string url, Exception exception) => new(
        ErrorKind.InvalidInput, $"{NameOf(field)} could not be fetched from {url}: {FailureText.Of(exception)}", CallReport.None);

    /// <summary>Asks for what an address has, and reads no more than the headers of a successful answer.</summary>
    public static async Task<(HttpResponseMessage? Answer, TaskOutcome? Failure)> OpenUrlAsync(
        string field, string url, HttpClient http, CancellationToken cancellationToken)
    {
        var name = NameOf(field);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return (null, new TaskOutcome.Failed(ErrorKind.InvalidInput, $"{name}: '{url}' is not an http or https URL.", CallReport.None));
        try
        {
            var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode) return (response, null);
            using (response)
            {
                var status = (int)response.StatusCode;
                var head = await UpstreamCall.ReadHeadAsync(response, cancellationToken);
                var reason = UpstreamCall.FindReason(head) is { Length: > 0 } text ? $": {text}" : ".";
                var message = $"{name} could not be fetched: {url} answered {status}{reason}";
                return (null, status is 408 or 425 or 429 or >= 500
                    ? new TaskOutcome.Retry(ErrorKind.InvalidInput, message, new CallReport(status, head))
                    : new TaskOutcome.Failed(ErrorKind.InvalidInput, message, new CallReport(status, head)));
            }
        }
        catch (Exception exception) when (exception is OutboundRefusedException || exception.InnerException is OutboundRefusedException)
        {
            var refusal = exception as OutboundRefusedException ?? (OutboundRefusedException)exception.InnerException!;
            return (null, new TaskOutcome.Failed(ErrorKind.OutboundRefused, $"{name}: {refusal.Message}", CallReport.None));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, CutOff(field, url, exception));
        }
    }

    private static string NameOf(string field) => field.Length == 0 ? "The item" : field;
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>
/// A form with photos as the JSON that the face service reads, written while the form arrives: files become <c>photos</c>, whatever their
/// parts are called, and text parts become the other members.
/// </summary>
internal sealed class EnrolmentForm(HttpRequest request, IntakeLimits limits)
{
    private const int MaxText = 64 * 1024;

    private static readonly string[] Fields = ["name", "country", "image", "performer_url", "face"];

    private readonly Dictionary<string, string> texts = [];

    /// <summary>The file names of the photos so far, with that of the one which is read.</summary>
    private readonly List<string?> files = [];

    private int photos;

    public static bool IsOne(HttpRequest request) => BodyType.Of(request) == "multipart/form-data";

    /// <exception cref="RequestException">The form is not valid; the error names the part.</exception>
    public async Task WriteAsync(Stream json, CancellationToken cancellationToken)
    {
        var boundary = FormBoundary.Require(FormIntake.BoundaryOf(request.ContentType ?? ""));
        await json.WriteAsync("""{"photos":["""u8.ToArray(), cancellationToken);
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
                await WritePartAsync(section, json, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw RequestException.Missing("body", $"The part after {photos} photos and {texts.Count} texts of the form cannot be read.");
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw RequestException.Missing("body", "The body is not a complete multipart/form-data document.");
        }

        if (photos == 0) throw RequestException.Missing("photos", "The form has no photo: send at least one file.");
        await json.WriteAsync("]"u8.ToArray(), cancellationToken);
        foreach (var (name, text) in texts)
        {
            var value = name == "face" ? text : JsonSerializer.Serialize(text, GalleryTextJson.Default.String);
            await json.WriteAsync(Encoding.UTF8.GetBytes($",\"{name}\":{value}"), cancellationToken);
        }

        await json.WriteAsync("}"u8.ToArray(), cancellationToken);
    }

    /// <summary>The refusal of a photo with the name of its file: the client counts its files less readily than it finds them.</summary>
    /// <returns>Null when it is about something else, or a file without a name.</returns>
    public RequestException? Named(RequestException refused)
    {
        if (refused.Problem.Errors is not [{ Field: { } field } error, ..]) return null;
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i] is not { } name || !IsOf(field, $"photos[{i}]")) continue;
            var detail = refused.Problem.Detail;
            return new RequestException(refused.Problem with
            {
                Detail = detail.StartsWith(field, StringComparison.Ordinal)
                    ? $"{field} ({name}){detail[field.Length..]}"
                    : $"{field} ({name}): {detail}",
                Errors = [error with { Reason = $"{name}: {error.Reason}" }],
            });
        }

        return null;
    }

    private static bool IsOf(string field, string photo) =>
        field == photo || field.StartsWith(photo + ".", StringComparison.Ordinal);

    private async Task WritePartAsync(MultipartSection section, Stream json, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
            throw RequestException.Missing("body", "Every part of the form needs a Content-Disposition with a name.");
        var file = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        if (file.HasValue)
        {
            files.Add(ItemName.Clean(HeaderUtilities.RemoveQuotes(file).Value));
            await WritePhotoAsync(section, json, cancellationToken);
            return;
        }

        await ReadTextAsync(HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "", section, cancellationToken);
    }

    private async Task WritePhotoAsync(MultipartSection section, Stream json, CancellationToken cancellationToken)
    {
        await json.WriteAsync(Encoding.ASCII.GetBytes(photos == 0 ? "\"" : ",\""), cancellationToken);
        await using (var base64 = new CryptoStream(json, new ToBase64Transform(), CryptoStreamMode.Write, leaveOpen: true))
        {
            var buffer = new byte[96 * 1024];
            long size = 0;
            for (int read; (read = await section.Body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if ((size += read) > limits.MaxItemBytes)
                {
                    var reason = $"photos[{photos}] has more than {limits.MaxItemBytes} bytes.";
                    throw new RequestException(Problem.TooLarge(reason, IntakeLimits.MaxItemBytesSetting) with
                    {
                        Errors = ProblemError.At($"photos[{photos}]", reason),
                    });
                }

                await base64.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            if (size == 0) throw RequestException.Invalid($"photos[{photos}]", "is an empty file; leave the part out.");
            await base64.FlushFinalBlockAsync(cancellationToken);
        }

        await json.WriteAsync("\""u8.ToArray(), cancellationToken);
        photos++;
    }

    private async Task ReadTextAsync(string name, MultipartSection section, CancellationToken cancellationToken)
    {
        if (!Fields.Contains(name))
        {
            throw RequestException.Invalid(
                Excerpt.Of(name),
                $"is not a part of this form.{FieldCheck.Suggest(name, Fields)} Known are files, and {string.Join(", ", Fields)}.");
        }

        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        for (int read; (read = await section.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxText) throw RequestException.Invalid(name, $"has more than {MaxText} bytes.");
        }

        var text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        if (name == "face") RequireJson(text);
        if (!texts.TryAdd(name, text)) throw RequestException.Repeated(name);
    }

    private static void RequireJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
        }
        catch (JsonException)
        {
            throw RequestException.Invalid("face", """must be JSON: {"x": 10, "y": 20} or {"index": 0}.""");
        }
    }
}

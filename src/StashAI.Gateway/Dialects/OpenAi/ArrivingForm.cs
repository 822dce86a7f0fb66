using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>Reads the parts of a form while it arrives: one file and texts, in any order, since many clients send the file first.</summary>
/// <param name="fileField">The name of the part with the file.</param>
/// <param name="fields">What a form should have, for clients that send none.</param>
/// <param name="limits">The limits of texts.</param>
internal abstract class ArrivingForm(string fileField, string fields, IntakeLimits limits)
{
    private const int MaxText = 64 * 1024;

    /// <summary>The most text parts; those without bytes count too.</summary>
    private const int MaxTexts = 32;

    /// <summary>The most characters of a part's name.</summary>
    private const int MaxName = 100;

    /// <summary>The most characters of a file's name, which lists show.</summary>
    private const int MaxFileName = 255;

    private int texts;

    /// <summary>The name of the file; null before it was read.</summary>
    public string? FileName { get; private set; }

    /// <summary>Reads the whole form.</summary>
    public async Task ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            throw new RequestException(Problem.FromStatus(StatusCodes.Status415UnsupportedMediaType) with
            {
                Detail = $"Send the file as multipart/form-data with {fields}.",
            });
        }

        FormBoundary.Require(boundary);
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section) await ReadPartAsync(section, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw RequestException.Missing("body", "A part of the form has headers that cannot be read.");
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw RequestException.Missing("body", "The body is not a complete multipart/form-data document.");
        }

        if (FileName is null)
            throw RequestException.Missing(fileField, $"{fileField} is missing: send the file as a part of this name.");
    }

    /// <summary>Stores the bytes of the file, whose name is known.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="contentType">The type that the client gave it; null for none.</param>
    /// <param name="cancellationToken">Cancels waiting for the client.</param>
    protected abstract Task StoreAsync(Stream bytes, string? contentType, CancellationToken cancellationToken);

    /// <summary>Takes a text.</summary>
    /// <exception cref="RequestException">It is not expected.</exception>
    protected abstract void Add(string name, string text);

    private async Task ReadPartAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
            throw RequestException.Missing("body", "Every part of the form needs a Content-Disposition with a name.");
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
        if (name != fileField)
        {
            if (name.Length > MaxName)
            {
                throw RequestException.Invalid(
                    Excerpt.Of(name), $"the name of this part has {name.Length} characters; {MaxName} are the most.");
            }

            if (texts++ == MaxTexts) throw RequestException.Invalid("body", $"the form has more than {MaxTexts} text parts.");
            Add(name, await ReadTextAsync(section, name, cancellationToken));
            return;
        }

        if (FileName is not null) throw RequestException.Repeated(name);
        var given = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        FileName = HeaderUtilities.RemoveQuotes(given).Value is { Length: > 0 } text
            ? text
            : throw RequestException.Missing(name, $"The part {name} has no file name: send it as a file.");
        if (FileName.Length > MaxFileName)
        {
            throw RequestException.Invalid(
                name, $"its file name has {FileName.Length} characters; {MaxFileName} are the most.");
        }

        // Headers are read as UTF-8, with U+FFFD for what is none.
        if (FileName.AsSpan().ContainsAny('\0', '\uFFFD'))
            throw RequestException.Invalid(name, "its file name has a NUL, or bytes that are not UTF-8: send the name in UTF-8.");

        await StoreAsync(section.Body, section.ContentType, cancellationToken);
    }

    private async Task<string> ReadTextAsync(MultipartSection section, string name, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        for (int read; (read = await section.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > Math.Min(MaxText, limits.MaxEnvelopeBytes))
            {
                throw IntakeException.TooLarge(
                    $"the part {name} has too many bytes", IntakeLimits.MaxEnvelopeBytesSetting, limits.MaxEnvelopeBytes);
            }
        }

        var text = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        return Utf8.IsValid(text) && !text.Contains((byte)0)
            ? Encoding.UTF8.GetString(text)
            : throw RequestException.Invalid(
                Excerpt.Of(name), "has a NUL, or is not UTF-8; send the text parts of the form in that encoding.");
    }
}

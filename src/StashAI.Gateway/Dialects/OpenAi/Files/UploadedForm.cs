using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Dialects.OpenAi.Files;

/// <summary>
/// Reads the form of an upload: the file goes to <paramref name="store"/> while it arrives, since clients send it before its purpose.
/// </summary>
/// <param name="limits">The limits of texts.</param>
/// <param name="store">Stores the bytes of the file.</param>
internal sealed class UploadedForm(IntakeLimits limits, Func<Stream, CancellationToken, Task> store)
{
    private const int MaxText = 64 * 1024;

    /// <summary>The most text parts; those without bytes count too.</summary>
    private const int MaxTexts = 32;

    /// <summary>The most characters of a part's name.</summary>
    private const int MaxName = 100;

    /// <summary>The most characters of a file's name, which lists show.</summary>
    private const int MaxFileName = 255;

    private const string LifetimeField = "expires_after";

    private readonly Dictionary<string, string> texts = [];

    /// <summary>The name of the file; null before it was read.</summary>
    public string? FileName { get; private set; }

    /// <summary>What the client keeps the file for.</summary>
    /// <exception cref="RequestException">The form has none.</exception>
    public string Purpose => texts.TryGetValue("purpose", out var purpose) && purpose.Length > 0
        ? purpose
        : throw RequestException.Missing("purpose", "purpose is missing: send batch for the lines of a batch.");

    /// <summary>How long the file is kept; null for the usual time.</summary>
    public TimeSpan? Expiry
    {
        get
        {
            const string secondsField = $"{LifetimeField}[seconds]";
            long? seconds = null;
            if (texts.TryGetValue(secondsField, out var text))
            {
                if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    || number is < Lifetime.Least or > Lifetime.Most)
                {
                    throw RequestException.Invalid(secondsField, $"must be a whole number from {Lifetime.Least} to {Lifetime.Most}.");
                }

                seconds = number;
            }

            return Lifetime.Of(texts.GetValueOrDefault($"{LifetimeField}[anchor]"), seconds, LifetimeField);
        }
    }

    /// <summary>Reads the whole form.</summary>
    public async Task ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            throw new RequestException(Problem.FromStatus(StatusCodes.Status415UnsupportedMediaType) with
            {
                Detail = "Send the file as multipart/form-data with the fields file and purpose.",
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

        if (FileName is null) throw RequestException.Missing("file", "file is missing: send the file as a part of this name.");
    }

    private async Task ReadPartAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
            throw RequestException.Missing("body", "Every part of the form needs a Content-Disposition with a name.");
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
        if (name != "file")
        {
            if (name.Length > MaxName)
            {
                throw RequestException.Invalid(
                    Excerpt.Of(name), $"the name of this part has {name.Length} characters; {MaxName} are the most.");
            }

            if (texts.Count == MaxTexts) throw RequestException.Invalid("body", $"the form has more than {MaxTexts} text parts.");
            if (!texts.TryAdd(name, await ReadTextAsync(section, name, cancellationToken))) throw RequestException.Repeated(name);
            return;
        }

        if (FileName is not null) throw RequestException.Repeated(name);
        var given = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        FileName = HeaderUtilities.RemoveQuotes(given).Value is { Length: > 0 } text
            ? text
            : throw RequestException.Missing("file", "The part file has no file name: send it as a file.");
        if (FileName.Length > MaxFileName)
        {
            throw RequestException.Invalid(
                name, $"its file name has {FileName.Length} characters; {MaxFileName} are the most.");
        }

        await store(section.Body, cancellationToken);
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

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}

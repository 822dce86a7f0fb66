using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>
/// Reads a multipart/form-data body. Each file is an item, or the file of an item whose other properties are the text parts before it. Text
/// parts with the names of configuration keys set the configuration.
/// </summary>
internal sealed class FormIntake(FormFields fields, IItemSink sink, IntakeLimits limits, IncrementalHash? digest)
{
    private static readonly (string Header, string[] Plain)[] PlainCodings =
    [
        ("Content-Transfer-Encoding", ["", "7bit", "8bit", "binary"]),
        ("Content-Encoding", ["", "identity"]),
    ];

    /// <summary>The charset of all text parts (RFC 7578, section 4.6).</summary>
    private const string CharsetField = "_charset_";

    private readonly List<KeyValuePair<string, string>> config = [];
    private readonly Dictionary<string, string> properties = [];

    /// <summary>The properties that were given since the last file; those before it hold for the next one too.</summary>
    private readonly HashSet<string> givenForNext = [];

    /// <summary>What the client calls the next item.</summary>
    private ItemName nextName;

    private int count;
    private int parts;
    private long textBytes;

    /// <summary>Reads all parts and returns the configuration; see <see cref="QueryConfig"/>.</summary>
    public async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var boundary = FormBoundary.Require(BoundaryOf(request.ContentType ?? ""));
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                await ReadPartAsync(section, cancellationToken);
                parts++;
            }
        }
        catch (InvalidDataException exception)
        {
            throw RequestException.Missing("body", $"The part {parts + 1} of the form {ReasonOf(exception)}");
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw RequestException.Missing("body", "The body is not a complete multipart/form-data document.");
        }

        return QueryConfig.Read(config);
    }

    /// <summary>Reads the boundary with or without quotes, because some clients omit required quotes.</summary>
    public static string? BoundaryOf(string contentType)
    {
        const string parameter = "boundary=";
        var at = contentType.IndexOf(parameter, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var value = contentType[(at + parameter.Length)..].Trim();
        return value.StartsWith('"') ? value[1..].Split('"', 2)[0] : value.Split(';', 2)[0].Trim();
    }

    private async Task ReadPartAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
            throw RequestException.Missing("body", "Every part of the form needs a Content-Disposition with a name.");
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
        NotePart(section, disposition, name);
        RefuseCodings(section, name);
        var isFile = disposition.FileName.HasValue || disposition.FileNameStar.HasValue;
        if (isFile && !IsText(name))
        {
            await ReadFileAsync(section, name, NameOf(disposition), cancellationToken);
            return;
        }

        var text = await ReadTextAsync(section, name, cancellationToken);
        if (name == CharsetField)
        {
            CheckCharset(text);
            return;
        }

        if (name is BodyShape.Item or BodyShape.Items) await AddItemAsync(text, cancellationToken);
        else if (IsName(name)) SetName(name, text);
        else if (fields.Item.Find(name) is not null) SetProperty(name, text);
        else config.Add(new(name, text));
    }

    /// <summary>Browsers send JSON as a file too, to give it a type: <c>config</c> and what an item names as text are no files.</summary>
    private bool IsText(string name) =>
        !fields.Files.Contains(name) && (name == "config" || fields.Item.Find(name) is not null);

    /// <summary>Browsers fill this hidden field with the charset of the form, and other clients send it themselves.</summary>
    private static void CheckCharset(string charset)
    {
        if (!charset.Trim().Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw RequestException.Invalid(CharsetField, $"is '{Excerpt.Of(charset)}'; send the text parts of the form in UTF-8.");
    }

    /// <summary>What the client calls the next item, where its items do not say so themselves.</summary>
    private bool IsName(string name) =>
        ServerNames.Is(name) && !ServerNames.IsDeclared(fields.Item, name);

    private void SetName(string name, string text)
    {
        if (ItemNaming.TooLong(text) is { } reason) throw RequestException.Invalid(name, reason);
        if (name == ItemNames.IdField ? nextName.Id is not null : nextName.Name is not null) throw RequestException.Repeated(name);
        nextName = name == ItemNames.IdField
            ? nextName with { Id = JsonSerializer.Serialize(text, TextJson.Default.String) }
            : nextName with { Name = text };
    }

    private void SetProperty(string name, string text)
    {
        if (!givenForNext.Add(name)) throw RequestException.Repeated(name);
        properties[name] = text;
    }

    /// <summary>
    /// A coded part would be stored as it stands. Forms have no codings (RFC 7578, section 4.7), but mail libraries add them.
    /// </summary>
    private static void RefuseCodings(MultipartSection section, string name)
    {
        foreach (var (header, plain) in PlainCodings)
        {
            if (section.Headers?.TryGetValue(header, out var coding) == true
                && !plain.Contains(coding.ToString().Trim().ToLowerInvariant()))
            {
                throw RequestException.Invalid(
                    name, $"has {header}: {Excerpt.Of(coding.ToString())}, which parts of a form do not use; send its bytes as they are.");
            }
        }
    }

    /// <summary>What is wrong with the headers of a part, as the end of a sentence. The framework has only messages for it.</summary>
    private static string ReasonOf(InvalidDataException exception)
    {
        if (exception.Message.Contains("count limit", StringComparison.Ordinal))
            return $"has more than {MultipartReader.DefaultHeadersCountLimit} headers.";
        if (exception.Message.Contains("limit", StringComparison.Ordinal))
            return $"has headers of more than {MultipartReader.DefaultHeadersLengthLimit} bytes.";
        return exception.Message.StartsWith("Invalid header", StringComparison.Ordinal)
            ? "has a header that is not 'Name: value' on one line."
            : "cannot be read.";
    }

    private async Task ReadFileAsync(MultipartSection section, string name, string? fileName, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            var read = await section.Body.ReadAsync(buffer, cancellationToken);
            // This is how browsers send a field for files in which nothing was chosen.
            if (read == 0 && string.IsNullOrEmpty(fileName)) return;
            await ReadFileAsync(section, name, fileName, buffer, read, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task ReadFileAsync(
        MultipartSection section, string name, string? fileName, byte[] buffer, int first, CancellationToken cancellationToken)
    {
        var field = fields.Files.Contains(name) ? name : fields.Files is [var only] ? only : throw RequestException.Invalid(
            name, fields.Files.Count == 0
                ? $"{fields.Service} takes no files for {fields.Operation}."
                : $"send the files under one of these names: {string.Join(", ", fields.Files)}.");
        Count();
        givenForNext.Clear();
        sink.BeginItem(new PayloadPath(BodyShape.Items, count - 1));
        sink.NameItem(nextName with { Name = nextName.Name ?? fileName });
        nextName = default;
        using var hash = digest is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var path = new PayloadPath(BodyShape.Items, count - 1);
        long size = 0;
        for (var read = first; read > 0; read = await section.Body.ReadAsync(buffer, cancellationToken))
        {
            if (size + read > limits.MaxItemBytes)
            {
                throw IntakeException.TooLarge(
                    $"{path}{Called(fileName)} has too many bytes", IntakeLimits.MaxItemBytesSetting, limits.MaxItemBytes, path);
            }

            if (size == 0) sink.BeginFile(field, DataUrlName.Prefix(TypeOf(section.ContentType), fileName));
            hash?.AppendData(buffer, 0, read);
            await sink.WriteFileAsync(buffer.AsMemory(0, read), cancellationToken);
            size += read;
        }

        if (hash is not null) RequestDigest.Add(digest!, hash.GetHashAndReset());
        if (size == 0)
        {
            throw IntakeException.Unusable(
                path, $"{Called(fileName)} is an empty file".TrimStart(), "send the bytes of one item, or leave the part out");
        }

        sink.EndFile();
        await sink.EndItemAsync(field.Length == 0 ? ReadOnlyMemory<byte>.Empty : Properties(), cancellationToken);
    }

    private async Task AddItemAsync(string text, CancellationToken cancellationToken)
    {
        Count();
        var path = new PayloadPath(BodyShape.Items, count - 1);
        sink.BeginItem(path);
        sink.NameItem(nextName);
        nextName = default;
        byte[] json;
        if (fields.Item.Type is FieldType.Text or FieldType.Any)
        {
            json = JsonSerializer.SerializeToUtf8Bytes(text, TextJson.Default.String);
        }
        else
        {
            json = Encoding.UTF8.GetBytes(text);
            try
            {
                JsonDocument.Parse(json).Dispose();
            }
            catch (JsonException)
            {
                throw IntakeException.Unusable(path, "is not JSON", "send each item as one JSON value");
            }
        }

        await sink.EndItemAsync(json, cancellationToken);
    }

    /// <summary>The text parts as an object; the schema says which are numbers and booleans.</summary>
    private byte[] Properties()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, text) in properties)
            {
                if (fields.Item.Find(name) is { Type: FieldType.Text or FieldType.Any }) json.WriteString(name, text);
                else WriteRaw(json, name, text);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            json.WritePropertyName(name);
            document.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteString(name, text);
        }
    }

    private async Task<string> ReadTextAsync(MultipartSection section, string name, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await section.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > limits.MaxEnvelopeBytes)
            {
                throw IntakeException.TooLarge(
                    $"the part {name} has too many bytes", IntakeLimits.MaxEnvelopeBytesSetting, limits.MaxEnvelopeBytes);
            }
        }

        var text = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        if (digest is not null) RequestDigest.Add(digest, text);
        // Items go to the store one by one; everything else is kept until the end of the form.
        if (name is not (BodyShape.Item or BodyShape.Items) && (textBytes += text.Length + name.Length) > limits.MaxEnvelopeBytes)
        {
            throw IntakeException.TooLarge(
                "the text parts have too many bytes together", IntakeLimits.MaxEnvelopeBytesSetting, limits.MaxEnvelopeBytes);
        }

        // Clients do not agree on how a form declares its charset; text in another charset would be stored with wrong letters.
        return Utf8.IsValid(text)
            ? Encoding.UTF8.GetString(text)
            : throw RequestException.Invalid(name, "is not UTF-8; send the text parts of the form in that encoding.");
    }

    /// <summary>Adds the name of a part to the hash, because it matters besides the content.</summary>
    private void NotePart(MultipartSection section, ContentDispositionHeaderValue disposition, string name)
    {
        if (digest is null) return;
        RequestDigest.Add(digest, disposition.IsFileDisposition() ? "file" : "text");
        RequestDigest.Add(digest, name);
        RequestDigest.Add(digest, disposition.FileName.Value ?? "");
        RequestDigest.Add(digest, disposition.FileNameStar.Value ?? "");
        RequestDigest.Add(digest, section.ContentType ?? "");
    }

    /// <summary>The name of a file as part of a sentence about it.</summary>
    private static string Called(string? fileName) => string.IsNullOrEmpty(fileName) ? "" : $" ({Excerpt.Of(fileName)})";

    private void Count()
    {
        if (++count > limits.MaxItems)
        {
            throw IntakeException.TooLarge("the body has too many items", IntakeLimits.MaxItemsSetting, limits.MaxItems);
        }
    }

    private static string? NameOf(ContentDispositionHeaderValue disposition) =>
        HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;

    private static string? TypeOf(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) ? type.MediaType.Value : null;
}

using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Builds the body of a request.</summary>
internal abstract class BodyTemplate
{
    /// <summary>The templates that the body contains.</summary>
    public virtual IEnumerable<TextTemplate> Templates => [];

    /// <exception cref="FormatException">The rendered text cannot be sent.</exception>
    public abstract Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken);

    internal sealed class Json(JsonTemplate template) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Templates => template.Templates;

        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            values.Large.IsOn = true;
            var text = new StringBuilder();
            template.Render(text, values);
            return Task.FromResult<HttpContent>(new TokenContent(text.ToString(), values, "application/json"));
        }
    }

    internal sealed class JsonFromTemplate(TextTemplate template) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Templates => [template];

        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            values.Large.IsOn = true;
            // A text that stands in JSON without | json is part of it.
            var text = values.Large.Expand(template.Render(values));
            var body = Encoding.UTF8.GetBytes(text);
            if (!JsonText.IsValid(body))
            {
                throw new FormatException(
                    "The body that the service's template gives for this item is not JSON: insert values with | json.");
            }

            return Task.FromResult<HttpContent>(
                values.HasTokens ? new TokenContent(text, values, "application/json") : new TokenContent(body, "application/json"));
        }
    }

    internal sealed class Form(IReadOnlyList<KeyValuePair<string, TextTemplate>> fields) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Templates => fields.Select(pair => pair.Value);

        public override async Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            var pairs = new List<KeyValuePair<string, string>>(fields.Count);
            foreach (var (name, template) in fields)
            {
                // Omit fields whose value was not given.
                if (template.RenderOrNull(values) is { } text)
                {
                    pairs.Add(new(name, await TokenContent.ExpandAsync(text, values, cancellationToken)));
                }
            }

            return new FormUrlEncodedContent(pairs);
        }
    }

    internal sealed class Multipart(IReadOnlyList<MultipartField> fields) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Templates =>
            fields.SelectMany(part => new[] { part.Text, part.FileName }).OfType<TextTemplate>();

        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            var content = NewForm();
            foreach (var field in fields)
            {
                if (field.Text is { } template)
                {
                    values.Large.IsOn = true;
                    var value = template.Render(values);
                    values.Large.IsOn = false;
                    // Servers treat an empty part as a value, so omit parts whose value was not given.
                    if (value.Length == 0 && !field.IsFixed) continue;
                    var text = new TokenContent(value, values, null);
                    SetDisposition(text, field.Name, NameOf(field, field.FileName?.Render(values)));
                    if (field.ContentType is not null) text.Headers.TryAddWithoutValidation("Content-Type", field.ContentType);
                    content.Add(text);
                    continue;
                }

                if (values.Files.FirstOrDefault(file => file.Field == field.File) is not { } part) continue;
                var bytes = new FileContent(part, field.ContentType);
                var name = field.FileName?.Render(values) ?? part.FileName
                    ?? "file" + FileKind.Extension(field.ContentType ?? part.ContentType);
                SetDisposition(bytes, field.Name, NameOf(field, name));
                content.Add(bytes);
            }

            return Task.FromResult<HttpContent>(content);
        }

        private static string? NameOf(MultipartField field, string? fileName) =>
            fileName is null || field.HasFixedName ? fileName : WithoutFolders(fileName);
    }

    /// <summary>
    /// The item as a form: its fields as texts, a list as a part for each element, the fields of an object with its name before them, and
    /// its file.
    /// </summary>
    /// <param name="file">The field with the file.</param>
    internal sealed class ItemForm(string file) : BodyTemplate
    {
        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            if (values.Files.FirstOrDefault(one => one.Field == file) is not { } part)
                throw new FormatException("The item has no file, but the service needs one: send a file.");
            var content = NewForm();
            using (var item = JsonDocument.Parse(values.Input))
            {
                foreach (var field in item.RootElement.EnumerateObject().Where(field => field.Name != file))
                    Add(content, field.Name, field.Value);
            }

            var bytes = new FileContent(part, null);
            SetDisposition(bytes, file, WithoutFolders(part.FileName ?? "file" + FileKind.Extension(part.ContentType)));
            content.Add(bytes);
            return Task.FromResult<HttpContent>(content);
        }

        private static void Add(MultipartFormDataContent content, string name, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Null:
                    return;
                case JsonValueKind.Array:
                    foreach (var element in value.EnumerateArray()) Add(content, name, element);
                    return;
                case JsonValueKind.Object:
                    foreach (var field in value.EnumerateObject()) Add(content, $"{name}[{field.Name}]", field.Value);
                    return;
                default:
                    var text = new ByteArrayContent(
                        Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()));
                    SetDisposition(text, name, null);
                    content.Add(text);
                    return;
            }
        }
    }

    internal sealed class Raw(TextTemplate template, string contentType) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Templates => [template];

        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            values.Large.IsOn = true;
            return Task.FromResult<HttpContent>(new TokenContent(template.Render(values), values, contentType));
        }
    }

    /// <summary>The item itself, as the client wrote it.</summary>
    internal sealed class WholeItem : BodyTemplate
    {
        public static WholeItem Instance { get; } = new();

        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken) =>
            Task.FromResult<HttpContent>(new TokenContent(values.Input, "application/json"));
    }

    /// <summary>The item in the form of another API.</summary>
    internal sealed class MappedItem(Func<ReadOnlyMemory<byte>, byte[]> map) : BodyTemplate
    {
        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken) =>
            Task.FromResult<HttpContent>(new TokenContent(map(values.Input), "application/json"));
    }

    private static MultipartFormDataContent NewForm()
    {
        var boundary = $"stashai-{Guid.NewGuid():N}";
        var content = new MultipartFormDataContent(boundary) { HeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
        // The framework quotes the boundary, and some servers do not take the quotes off. It is a token, which needs none.
        content.Headers.ContentType!.Parameters.Single().Value = boundary;
        return content;
    }

    private static void SetDisposition(HttpContent content, string field, string? fileName)
    {
        var name = fileName is null ? "" : $"; filename=\"{EscapeQuotes(fileName)}\"";
        content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{EscapeQuotes(field)}\"{name}");
    }

    /// <summary>Replaces slashes and control characters: a file name from an item must not contain folders.</summary>
    private static string WithoutFolders(string name) =>
        string.Concat(name.Select(character => char.IsControl(character) || character is '\\' or '/' ? '_' : character));

    /// <summary>Escapes quotes and line breaks as browsers and curl do.</summary>
    private static string EscapeQuotes(string name) =>
        name.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    internal sealed class RawFile(string field, string? contentType) : BodyTemplate
    {
        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken) =>
            values.Files.FirstOrDefault(file => file.Field == field) is { } part
                ? Task.FromResult<HttpContent>(new FileContent(part, contentType))
                : throw new FormatException("The item has no file, but the service needs one: send a file.");
    }
}

/// <summary>One part of a multipart form: a text or a file of the item.</summary>
/// <param name="Name">The name of the part.</param>
/// <param name="Text">The text; null for a file.</param>
/// <param name="File">The item's property that holds the file; empty when the item itself is the file; null for a text.</param>
/// <param name="FileName">The file name; null to derive a file's name from its type. A text without it has no file name.</param>
/// <param name="ContentType">The content type; null to detect a file's type from its bytes. A text without it has no content type.</param>
internal sealed record MultipartField(string Name, TextTemplate? Text, string? File, TextTemplate? FileName, string? ContentType)
{
    /// <summary>True when the text has no templates; then it is sent even if it is empty.</summary>
    public bool IsFixed { get; init; }

    /// <summary>True when the file name has no templates; then it is sent unchanged.</summary>
    public bool HasFixedName { get; init; }
}

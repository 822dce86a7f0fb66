using System.Text;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>How the body of a request is made; null where a template gave what cannot be sent.</summary>
internal abstract class BodyTemplate
{
    /// <summary>The templates in it.</summary>
    public virtual IEnumerable<TextTemplate> Texts => [];

    /// <exception cref="FormatException">What the template gave cannot be sent.</exception>
    public abstract Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken);

    internal sealed class Json(JsonTemplate template) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Texts => template.Texts;

        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            var text = new StringBuilder();
            template.Render(text, values);
            return Task.FromResult<HttpContent>(new TokenContent(text.ToString(), values, "application/json"));
        }
    }

    internal sealed class JsonDocument(TextTemplate template) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Texts => [template];

        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            var text = template.Render(values);
            return JsonText.IsValid(Encoding.UTF8.GetBytes(text))
                ? Task.FromResult<HttpContent>(new TokenContent(text, values, "application/json"))
                : throw new FormatException("The body that the service's template gives for this item is not JSON: put values in with | json.");
        }
    }

    internal sealed class Form(IReadOnlyList<KeyValuePair<string, TextTemplate>> fields) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Texts => fields.Select(one => one.Value);

        public override async Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            var pairs = new List<KeyValuePair<string, string>>(fields.Count);
            foreach (var (name, template) in fields)
            {
                // What was not given is left out, as everywhere.
                if (template.RenderOrNothing(values) is { } text) pairs.Add(new(name, await TokenContent.ExpandAsync(text, values, cancellationToken)));
            }

            return new FormUrlEncodedContent(pairs);
        }
    }

    internal sealed class Multipart(IReadOnlyList<MultipartField> fields) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Texts => fields.SelectMany(one => new[] { one.Text, one.FileName }).OfType<TextTemplate>();

        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken)
        {
            var content = new MultipartFormDataContent { HeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
            foreach (var field in fields)
            {
                if (field.Text is { } template)
                {
                    var value = template.Render(values);
                    // Servers take an empty part for a value that was given: what was not given is left out.
                    if (value.Length == 0 && !field.IsFixed) continue;
                    var text = new TokenContent(value, values, null);
                    Describe(text, field, field.FileName?.Render(values));
                    if (field.ContentType is not null) text.Headers.TryAddWithoutValidation("Content-Type", field.ContentType);
                    content.Add(text);
                    continue;
                }

                if (values.Files.FirstOrDefault(file => file.Field == field.File) is not { } part) continue;
                var bytes = new FileContent(part, field.ContentType);
                var name = field.FileName?.Render(values) ?? part.FileName ?? "file" + FileKind.Extension(field.ContentType ?? part.ContentType);
                Describe(bytes, field, name);
                content.Add(bytes);
            }

            return Task.FromResult<HttpContent>(content);
        }

        private static void Describe(HttpContent content, MultipartField field, string? fileName)
        {
            var name = fileName is null ? "" : $"; filename=\"{Quoted(field.HasFixedName ? fileName : Plain(fileName))}\"";
            content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{Quoted(field.Name)}\"{name}");
        }

        /// <summary>A name that an item gave has no folders.</summary>
        private static string Plain(string name) => string.Concat(name.Select(one => char.IsControl(one) || one is '\\' or '/' ? '_' : one));

        /// <summary>As browsers and curl write names.</summary>
        private static string Quoted(string name) =>
            name.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
    }

    internal sealed class Raw(TextTemplate template, string contentType) : BodyTemplate
    {
        public override IEnumerable<TextTemplate> Texts => [template];

        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken) =>
            Task.FromResult<HttpContent>(new TokenContent(template.Render(values), values, contentType));
    }

    internal sealed class RawFile(string field, string? contentType) : BodyTemplate
    {
        public override Task<HttpContent> BuildAsync(TemplateValues values, CancellationToken cancellationToken) =>
            values.Files.FirstOrDefault(file => file.Field == field) is { } part
                ? Task.FromResult<HttpContent>(new FileContent(part, contentType))
                : throw new FormatException("The item has no file, and the service takes nothing else.");
    }
}

/// <summary>One part of a form with files: a text, or a file of the item.</summary>
/// <param name="Name">The part's name.</param>
/// <param name="Text">Its text, or null.</param>
/// <param name="File">The item's property that holds its file, empty for the item itself; null for a text.</param>
/// <param name="FileName">The file's name, or null: then a file has one made from its type, and a text has none.</param>
/// <param name="ContentType">The part's type, or null: then a file's is told from its bytes, and a text has none.</param>
internal sealed record MultipartField(string Name, TextTemplate? Text, string? File, TextTemplate? FileName, string? ContentType)
{
    /// <summary>True for a text without templates, which is sent even if it is empty.</summary>
    public bool IsFixed { get; init; }

    /// <summary>True for a file's name without templates, which is sent as it stands.</summary>
    public bool HasFixedName { get; init; }
}

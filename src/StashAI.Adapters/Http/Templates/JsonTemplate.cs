using System.Text;

namespace StashAI.Adapters.Http.Templates;

/// <summary>A JSON value whose texts are templates; inserted values are always escaped.</summary>
internal abstract class JsonTemplate
{
    private const string Null = "null";

    /// <summary>The templates that the value contains.</summary>
    public virtual IEnumerable<TextTemplate> Templates => [];

    /// <summary>Appends the value as JSON; a single output without a value becomes null.</summary>
    public abstract void Render(StringBuilder json, TemplateValues values);

    /// <summary>True when this is a single output without a value; then an object omits the member.</summary>
    protected virtual bool IsOmitted(TemplateValues values, out string? rendered)
    {
        rendered = null;
        return false;
    }

    /// <summary>A value without templates, as JSON.</summary>
    internal sealed class Constant(string raw) : JsonTemplate
    {
        public override void Render(StringBuilder json, TemplateValues values) => json.Append(raw);
    }

    /// <summary>A text that contains outputs.</summary>
    internal sealed class Text(TextTemplate template) : JsonTemplate
    {
        public override IEnumerable<TextTemplate> Templates => [template];

        public override void Render(StringBuilder json, TemplateValues values) =>
            json.Append(values.Large.InText(() => TemplateText.Json(template.Render(values))));
    }

    /// <summary>A single output, whose value keeps its JSON type. Its template writes JSON.</summary>
    internal sealed class Value(TextTemplate template) : JsonTemplate
    {
        public override IEnumerable<TextTemplate> Templates => [template];

        public override void Render(StringBuilder json, TemplateValues values) => json.Append(template.Render(values));

        protected override bool IsOmitted(TemplateValues values, out string? rendered) => (rendered = template.Render(values)) == Null;
    }

    internal sealed class Array(IReadOnlyList<JsonTemplate> elements) : JsonTemplate
    {
        public override IEnumerable<TextTemplate> Templates => elements.SelectMany(element => element.Templates);

        public override void Render(StringBuilder json, TemplateValues values)
        {
            json.Append('[');
            for (var i = 0; i < elements.Count; i++)
            {
                if (i > 0) json.Append(',');
                elements[i].Render(json, values);
            }

            json.Append(']');
        }
    }

    internal sealed class Object(IReadOnlyList<KeyValuePair<string, JsonTemplate>> members) : JsonTemplate
    {
        /// <summary>The names as they stand in the object, each with its colon.</summary>
        private readonly string[] names = [.. members.Select(member => $"{TemplateText.Json(member.Key)}:")];

        public override IEnumerable<TextTemplate> Templates => members.SelectMany(member => member.Value.Templates);

        public override void Render(StringBuilder json, TemplateValues values)
        {
            json.Append('{');
            var isFirst = true;
            for (var i = 0; i < members.Count; i++)
            {
                var member = members[i].Value;
                if (member.IsOmitted(values, out var rendered)) continue;
                if (!isFirst) json.Append(',');
                isFirst = false;
                json.Append(names[i]);
                if (rendered is not null) json.Append(rendered);
                else member.Render(json, values);
            }

            json.Append('}');
        }
    }
}

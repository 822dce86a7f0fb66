using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads the part of a declaration that describes a request.</summary>
internal sealed class RequestReader(FieldSchema item, TemplateReader templates)
{
    private static readonly string[] Bodies = ["json", "form", "multipart", "raw"];
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public RequestTemplate Read(YamlMap map)
    {
        var given = Bodies.Where(body => map.Find(body) is not null).ToList();
        if (given.Count > 1) map.Invalid(given[1], $"omitted: a request has only one body, and this one already has {given[0]}");
        var method = map.Text("method") ?? (given.Count > 0 ? "POST" : "GET");
        if (!Methods.Contains(method)) map.Invalid("method", "one of " + string.Join(", ", Methods));
        var path = map.Find("path");
        if (path is YamlScalarNode { Value: { } text } && !text.StartsWith('/')) map.Invalid("path", "a path that starts with /");
        if (path is YamlScalarNode { Value: { } fixedPath } && RequestPath.ReasonToRefuse(fixedPath) is not null)
        {
            map.Invalid("path", "without the segments . and .., which lead to another path");
        }

        var request = new RequestTemplate
        {
            Method = new HttpMethod(method),
            Path = templates.Read(path ?? new YamlScalarNode(""), "path", OutputForm.PathSegment),
            PathText = (path as YamlScalarNode)?.Value ?? "",
            Query = ReadFields(map, "query"),
            Scope = templates.Scope,
            Body = given.FirstOrDefault() switch
            {
                "json" => ReadJson(map.Find("json")!),
                "form" => new BodyTemplate.Form(ReadFields(map, "form")),
                "multipart" =>
                    new BodyTemplate.Multipart([.. FieldList.Read(map.Find("multipart"), "multipart", templates.Errors).Select(ReadPart)]),
                "raw" => ReadRaw(map.Find("raw")!),
                _ => null,
            },
        };
        map.ReportUnknownKeys();
        return request;
    }

    /// <summary>
    /// Reads a JSON body. A text is one template for the whole document; any other value is the document itself, and its texts are
    /// templates.
    /// </summary>
    private BodyTemplate ReadJson(YamlNode node) =>
        node is YamlScalarNode
            ? new BodyTemplate.JsonFromTemplate(templates.Read(node, "json"))
            : new BodyTemplate.Json(templates.ReadJson(node));

    /// <summary>Reads the fields of a query or a form, whose values are templates.</summary>
    private List<KeyValuePair<string, TextTemplate>> ReadFields(YamlMap map, string key) =>
        [.. FieldList.Read(map.Find(key), key, templates.Errors).Select(field => new KeyValuePair<string, TextTemplate>(
            field.Key.Value!, templates.Read(field.Value, $"{key}.{field.Key.Value}")))];

    private MultipartField ReadPart((YamlScalarNode Key, YamlNode Value) member)
    {
        var name = member.Key.Value!;
        if (member.Value is not YamlMappingNode mapping)
        {
            return new MultipartField(name, templates.Read(member.Value, $"multipart.{name}"), null, null, null)
            {
                IsFixed = IsFixed(member.Value),
            };
        }

        var map = new YamlMap(mapping, name, templates.Errors);
        var text = map.Find("text");
        var fileName = map.Find("name");
        var part = new MultipartField(
            name,
            text is null ? null : templates.Read(text, $"multipart.{name}.text"),
            text is null ? ReadFile(map) : null,
            fileName is null ? null : templates.Read(fileName, $"multipart.{name}.name", OutputForm.TextWithoutFiles),
            ReadMediaType(map))
        {
            IsFixed = text is not null && IsFixed(text),
            HasFixedName = fileName is not null && IsFixed(fileName),
        };
        map.ReportUnknownKeys();
        return part;
    }

    /// <summary>Whether a text has no templates.</summary>
    private static bool IsFixed(YamlNode node) =>
        node is YamlScalarNode { Value: var text } && text?.Contains('{', StringComparison.Ordinal) is not true;

    private static string? ReadMediaType(YamlMap map)
    {
        var type = map.Text("type");
        if (type is not null && !System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out _))
        {
            map.Invalid("type", "a media type such as image/png");
        }

        return type;
    }

    private BodyTemplate ReadRaw(YamlNode node)
    {
        if (node is YamlScalarNode) return new BodyTemplate.Raw(templates.Read(node, "raw"), "text/plain; charset=utf-8");
        if (YamlMap.From(node, "raw", templates.Errors) is not { } map) return new BodyTemplate.RawFile("", null);
        // An empty type means that the body is sent without a Content-Type.
        var type = map.Text("type") is "" ? "" : ReadMediaType(map);
        BodyTemplate body = map.Find("text") is { } text
            ? new BodyTemplate.Raw(templates.Read(text, "raw.text"), type ?? "text/plain; charset=utf-8")
            : new BodyTemplate.RawFile(ReadFile(map), type);
        map.ReportUnknownKeys();
        return body;
    }

    /// <summary>Reads <c>item</c>, or <c>item.property</c>, which must be a file.</summary>
    private string ReadFile(YamlMap map)
    {
        var named = map.Require("file", "item") is YamlScalarNode { Value: { } text } ? text : null;
        if (named is null) return "";
        var field = named == "item" ? "" : named.StartsWith("item.", StringComparison.Ordinal) ? named["item.".Length..] : null;
        if (field is not null && item.FileFields.Contains(field)) return field;
        var files = item.FileFields.Select(field => field.Length == 0 ? "item" : "item." + field).ToList();
        map.Invalid(
            "file",
            files.Count > 0 ? string.Join(" or ", files) : "a file of the item, but the item has no file: declare one with type: file");
        return "";
    }
}

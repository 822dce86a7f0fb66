using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;

namespace StashAI.Server.Cli.Services;

/// <summary>
/// A declaration in the making. The likely item becomes `{{ item }}`, other plain values at the top become keys of the configuration with
/// their values as defaults, and secrets become variables.
/// </summary>
internal sealed partial class CurlDraft
{
    private static readonly string[] ItemNames = ["item", "input", "text", "q", "prompt", "query", "sentence", "content", "image", "image_data", "file", "audio", "data"];
    private static readonly string[] Plumbing = ["content-type", "content-length", "accept", "host", "expect", "connection"];

    private readonly CurlRequest request;
    private readonly List<(string Key, string Type, string? Default)> config = [];
    private readonly List<string> body = [];
    private readonly string? wanted;
    private bool isFile;

    private CurlDraft(CurlRequest request, string name, string? wanted) => (this.request, Name, this.wanted) = (request, name, wanted);

    public string Name { get; }

    /// <summary>The field that became the item.</summary>
    public string ItemField { get; private set; } = "nothing of it";

    /// <summary>The item of the command, for the trial.</summary>
    public string Example { get; private set; } = "";

    /// <summary>What the declaration takes from the environment, with the values of the command.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    public static CurlDraft Of(CurlRequest request, string? name, string? itemField)
    {
        var draft = new CurlDraft(request, name ?? NameOf(request.Url), itemField);
        if (request.Parts.Count > 0) draft.ReadParts();
        else if (request.Body is ['@', ..] file) draft.ReadRawFile(file);
        else if (request.Body is { } text && IsJson(request, text)) draft.ReadJson(text);
        else if (request.Body is { } form) draft.ReadPairs("form", form);
        if (request.Url.Query.Length > 1) draft.ReadPairs("query", request.Url.Query[1..]);
        return draft.ItemField == "nothing of it" ? throw new UsageException("it is not clear what the item is: name its field with --item.") : draft;
    }

    /// <summary>True when a variable is what stands behind `Basic`.</summary>
    public bool IsBasic(string variable) => request.Headers.Any(header => header.Value == "Basic " + Secrets[variable]);

    /// <summary>The declaration as YAML. Texts are written as JSON, which is YAML.</summary>
    public string Write(string? result)
    {
        var variable = Variable;
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"name: {Name}\nurl: ${{{variable}_API_URL:-{request.Url.GetLeftPart(UriPartial.Authority)}}}\ntimeout: 60s\nmax_parallel: 4\n");
        var headers = request.Headers.Where(header => header.Value.Length > 0 && !Plumbing.Contains(header.Key.ToLowerInvariant())).ToList();
        if (headers.Count > 0) yaml.Append("headers:\n");
        foreach (var (name, value) in headers) yaml.Append(CultureInfo.InvariantCulture, $"  {name}: {Text(Hide(name, value, variable))}\n");
        if (config.Count > 0) yaml.Append("\nconfig:\n");
        foreach (var (key, type, fallback) in config)
            yaml.Append(CultureInfo.InvariantCulture, $"  {key}: {{type: {type}, {(fallback is null ? "required: true" : "default: " + fallback)}}}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"\noperations:\n  run:\n    item: {(isFile ? "file" : "string")}\n    request:\n      method: {request.Method}\n      path: {Text(request.Url.AbsolutePath)}\n");
        foreach (var line in body) yaml.Append("      ").Append(line).Append('\n');
        if (result is not null) yaml.Append(CultureInfo.InvariantCulture, $"    result: {result}\n");
        return yaml.ToString();
    }

    private void ReadParts()
    {
        body.Add("multipart:");
        var item = Pick(request.Parts, part => part.Value is ['@', ..]);
        foreach (var (name, value) in request.Parts)
        {
            if (name == item && value is ['@', ..])
            {
                (isFile, Example) = (true, value.Split(';')[0]);
                body.Add($"  {Key(name)}: {{file: item}}");
            }
            else
            {
                body.Add($"  {Key(name)}: {Text(name == item ? Item(value) : Setting(name, value))}");
            }
        }
    }

    private void ReadRawFile(string file)
    {
        (isFile, Example, ItemField) = (true, file, "the body");
        body.Add(request.ContentType is { } type && !type.StartsWith("application/x-www-form", StringComparison.Ordinal) ? $"raw: {{file: item, type: {Text(type)}}}" : "raw: {file: item}");
    }

    private void ReadPairs(string kind, string text)
    {
        var pairs = text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => CurlRequest.Pair(pair, '='))
            .Select(pair => new KeyValuePair<string, string>(Decode(pair.Key), Decode(pair.Value))).ToList();
        var item = ItemField == "nothing of it" ? Pick(pairs, pair => pair.Value.Length > 0) : null;
        body.Add(kind + ":");
        foreach (var (name, value) in pairs) body.Add($"  {Key(name)}: {Text(name == item ? Item(value) : Setting(name, value))}");
    }

    private void ReadJson(string text)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text);
        }
        catch (JsonException error)
        {
            throw new UsageException($"the body is not JSON: {error.Message}");
        }

        if (root is not JsonObject fields) throw new UsageException("the body must be a JSON object.");
        var texts = fields.Where(field => field.Value is JsonValue value && value.TryGetValue<string>(out _))
            .Select(field => new KeyValuePair<string, string>(field.Key, field.Value!.GetValue<string>())).ToList();
        // A chat: the last message is the item.
        if (fields["messages"] is JsonArray { Count: > 0 } messages && messages[^1] is JsonObject message && message["content"] is JsonValue content && content.TryGetValue<string>(out var said))
            (message["content"], ItemField) = (Item(said), "messages.content");
        else if (Pick(texts, _ => true) is { } name)
            fields[name] = Item(fields[name]!.GetValue<string>());
        foreach (var (_, value) in fields) HideNested(value);
        foreach (var (key, value) in fields.ToList())
        {
            if (key == ItemField || value is not JsonValue plain) continue;
            fields[key] = Setting(key, plain.ToJsonString(), plain.GetValueKind());
        }

        body.Add("json: " + fields.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private string Item(string value)
    {
        Example = value;
        if (!LooksEncoded().IsMatch(value)) return "{{ item }}";
        // A trial with the command's own bytes: they go through a file, as an operator's would.
        var comma = value.StartsWith("data:", StringComparison.Ordinal) ? value.IndexOf(',', StringComparison.Ordinal) : -1;
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(file, Convert.FromBase64String(value[(comma + 1)..]));
        (isFile, Example) = (true, "@" + file);
        return comma > 0 ? "{{ item | data_url }}" : "{{ item }}";
    }

    private string? Pick(IReadOnlyList<KeyValuePair<string, string>> fields, Func<KeyValuePair<string, string>, bool> isLikely)
    {
        var picked = wanted is not null
            ? fields.FirstOrDefault(field => field.Key == wanted).Key ?? throw new UsageException($"the command has no field '{wanted}'; it has {string.Join(", ", fields.Select(field => field.Key))}.")
            : ItemNames.FirstOrDefault(name => fields.Any(field => field.Key == name && isLikely(field)))
                ?? fields.Where(field => isLikely(field) && !SecretNames.IsField(field.Key)).OrderByDescending(field => field.Value.Length).FirstOrDefault().Key;
        if (picked is not null) ItemField = picked;
        return picked;
    }

    private string Setting(string name, string value, JsonValueKind kind = JsonValueKind.Undefined)
    {
        if (kind is JsonValueKind.Undefined or JsonValueKind.String && value.Length > 0 && SecretNames.IsField(name))
            return Secret(name, kind == JsonValueKind.String ? JsonNode.Parse(value)!.GetValue<string>() : value);
        if (!KeyForm().IsMatch(name) || DeclarationReader.SharedConfig.Contains(name)) return EnvironmentText.Escape(kind == JsonValueKind.String ? JsonNode.Parse(value)!.GetValue<string>() : value);
        var (type, fallback) = kind switch
        {
            JsonValueKind.Number => (value.AsSpan().IndexOfAny(".eE") < 0 ? "integer" : "number", value),
            JsonValueKind.True or JsonValueKind.False => ("boolean", value),
            JsonValueKind.String => ("string", value),
            _ => ("string", Text(value)),
        };
        if (!config.Exists(one => one.Key == name)) config.Add((name, type, fallback));
        return $"{{{{ config.{name} }}}}";
    }

    private void HideNested(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++) Nested(list[i], "", text => list[i] = text);
        }
        else if (node is JsonObject fields)
        {
            foreach (var (key, value) in fields.ToList()) Nested(value, key, text => fields[key] = text);
        }
    }

    private void Nested(JsonNode? value, string key, Action<string> replace)
    {
        if (value is not JsonValue plain || !plain.TryGetValue<string>(out var text)) HideNested(value);
        else if (SecretNames.IsField(key)) replace(Secret(key, text));
        else if (text.Contains("${", StringComparison.Ordinal)) replace(EnvironmentText.Escape(text));
    }

    /// <summary>A secret of the query or the body: a reference to the environment.</summary>
    private string Secret(string name, string value) => $"${{{VariableOf(name, value)}}}";

    private string VariableOf(string name, string value)
    {
        var variable = $"{Variable}_{NotKey().Replace(name, "_").ToUpperInvariant()}";
        while (Secrets.TryGetValue(variable, out var other) && other != value) variable += "_2";
        Secrets[variable] = value;
        return variable;
    }

    private string Variable => Name.Replace('-', '_').ToUpperInvariant();

    private string Hide(string name, string value, string prefix)
    {
        if (!SecretNames.IsHeader(name)) return EnvironmentText.Escape(value);
        var space = name.Equals("authorization", StringComparison.OrdinalIgnoreCase) ? value.IndexOf(' ', StringComparison.Ordinal) + 1 : 0;
        var variable = prefix + "_API_KEY";
        if (Secrets.TryGetValue(variable, out var other) && other != value[space..]) variable = $"{prefix}_{NotKey().Replace(name.ToUpperInvariant(), "_")}";
        Secrets[variable] = value[space..];
        return $"{value[..space]}${{{variable}}}";
    }

    private static bool IsJson(CurlRequest request, string text) =>
        request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) is true || (request.ContentType is null && text.TrimStart() is ['{', ..]);

    private static string NameOf(Uri url)
    {
        var last = url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? url.Host;
        var name = NotName().Replace(last.ToLowerInvariant(), "-").Trim('-');
        return name is [>= 'a' and <= 'z', ..] ? name : "service-" + name;
    }

    private static string Key(string name) => KeyForm().IsMatch(name) ? name : Text(name);

    private static string Text(string text) => JsonValue.Create(text).ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    [GeneratedRegex("^(data:[^,]{1,80};base64,)?[A-Za-z0-9+/]{64,}={0,2}$", RegexOptions.CultureInvariant)]
    private static partial Regex LooksEncoded();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyForm();

    [GeneratedRegex("[^A-Za-z0-9_]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotKey();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotName();
}

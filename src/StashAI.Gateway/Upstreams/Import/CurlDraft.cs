using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Adapters.Http.Templates;
using StashAI.Gateway.Upstreams.Import.Shell;
using StashAI.Gateway.Upstreams.Trials;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>
/// A draft of a declaration. The probable item becomes <c>{{ item }}</c>, other simple values at the top level become configuration keys
/// with these values as defaults, and secrets become variables.
/// </summary>
internal sealed partial class CurlDraft
{
    private readonly CurlRequest request;
    private readonly List<(string Key, string Type, string Default)> config = [];
    private readonly List<string> body = [];
    private readonly Func<string, string?> environment;
    private readonly DraftItem item;
    private readonly bool isExact;
    private string? bodyType;
    private string path = "";

    /// <summary>True while values pass a filter, which configuration keys can and references to the environment cannot.</summary>
    private bool isFiltered;

    private CurlDraft(CurlRequest request, string name, string? wanted, Func<string, string?> environment, bool isExact) =>
        (this.request, Name, item, this.environment, this.isExact) =
            (request, name, DraftItem.Of(request, wanted, isExact, environment), environment, isExact);

    public string Name { get; }

    /// <summary>The field that became the item.</summary>
    public string ItemField => item.Field;

    /// <summary>The item of the command, for the trial call.</summary>
    public TrialItem Example => item.Example;

    /// <summary>The environment variables for the declaration's secrets, with the values from the command.</summary>
    public Dictionary<string, string> Secrets { get; } = [];

    /// <summary>Shell variables that the declaration refers to.</summary>
    public SortedSet<string> Variables { get; } = [];

    /// <summary>Drafts a declaration from a call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="name">The service's name; null to derive it from the address.</param>
    /// <param name="wanted">The field that is the item; null to guess it.</param>
    /// <param name="environment">Returns shell variables.</param>
    /// <param name="isExact">True to keep texts as written if possible, instead of turning them into configuration keys.</param>
    public static CurlDraft Of(CurlRequest request, string? name, string? wanted, Func<string, string?> environment, bool isExact = false)
    {
        var draft = new CurlDraft(request, name ?? NameOf(request), wanted, environment, isExact);
        draft.path = draft.Literal(request.Address.Path);
        draft.ReadBody();
        draft.ReadQuery();
        return draft;
    }

    /// <summary>True when a variable holds the credentials of Basic authentication.</summary>
    public bool IsBasic(string variable) => request.Headers.Any(header => header.Value == "Basic " + Secrets[variable]);

    /// <summary>Writes the declaration as YAML. Texts are written as JSON, which is YAML.</summary>
    public string Write(string? result)
    {
        var yaml = new StringBuilder();
        var address = ShellVariables.Has(request.Address.Base)
            ? References(request.Address.Base)
            : $"${{{Variable}_API_URL:-{request.Url.GetLeftPart(UriPartial.Authority)}}}";
        yaml.Append(CultureInfo.InvariantCulture, $"name: {Name}\nurl: {address}\ntimeout: 60s\nmax_parallel: 4\n");
        var headers = request.Headers.ToList();
        if (request.ContentType is { } type && type != bodyType) headers.Add(new("Content-Type", type));
        if (headers.Count > 0) yaml.Append("headers:\n");
        foreach (var (name, value) in headers)
        {
            yaml.Append(
                CultureInfo.InvariantCulture, $"  {name}: {Text(ShellVariables.Has(value) ? References(value) : Hide(name, value))}\n");
        }

        if (config.Count > 0) yaml.Append("\nconfig:\n");
        foreach (var (key, type2, fallback) in config)
        {
            yaml.Append(
                CultureInfo.InvariantCulture, $"  {key}: {{type: {type2}, {(type2 == "secret" ? "env" : "default")}: {fallback}}}\n");
        }

        yaml.Append(
            CultureInfo.InvariantCulture,
            $"\noperations:\n  run:\n    item: {item.Schema}\n    request:\n      method: {request.Method}\n      path: {Text(path)}\n");
        foreach (var line in body) yaml.Append("      ").Append(line).Append('\n');
        if (result is not null) yaml.Append(CultureInfo.InvariantCulture, $"    result: {result}\n");
        return yaml.ToString();
    }

    private void ReadBody()
    {
        switch (item.Body)
        {
            case CurlBody.Form form:
                body.Add("multipart:");
                body.AddRange(
                    FieldLines.Write([.. form.Parts.Select((part, index) => (Key(part.Name), Part(part, item.Find($"field {index}"))))]));
                bodyType = request.ContentType;
                break;
            case CurlBody.File:
                AddRaw($"file: {item.WholeBody!}");
                break;
            case CurlBody.Text text when item.Json is { } json:
                ReadJson(json, text.Value);
                break;
            case CurlBody.Text text when item.IsForm:
                ReadPairs("form", text.Value, "field");
                break;
            case CurlBody.Text text:
                AddRaw("text: " + Text(item.Find("body") is { } spot ? item.Template(spot) : Literal(text.Value)));
                break;
        }
    }

    private void AddRaw(string what)
    {
        body.Add($"raw: {{{what}, type: {Text(request.ContentType ?? "")}}}");
        bodyType = request.ContentType;
    }

    private void ReadQuery()
    {
        if (request.Address.Query is not { } query) return;
        if (!isExact && query.Length > 0 && DraftItem.IsPairs(query)) ReadPairs("query", query, "query");
        else path += "?" + Pieces(query, "query", "path_segment");
    }

    private string Part(CurlPart part, ItemSpot? spot)
    {
        var about = (part.FileName is null ? "" : $", name: {Text(Literal(part.FileName))}")
            + (part.Type is null ? "" : $", type: {Text(part.Type)}");
        if (part.Bytes is not null) return $"{{file: {item.Reference(spot!)}{about}}}";
        var text = Text(spot is not null ? item.Template(spot) : Field(part.Name, part.Value!));
        return about.Length == 0 ? text : $"{{text: {text}{about}}}";
    }

    private void ReadPairs(string kind, string text, string place)
    {
        if (isExact && kind == "form")
        {
            isFiltered = true;
            AddRaw("text: " + Text(Pieces(text, place, "url_encode")));
            isFiltered = false;
            return;
        }

        var pairs = DraftItem.Pairs(text);
        body.Add(kind + ":");
        body.AddRange(FieldLines.Write([.. pairs.Select((pair, index) => (
            Key(pair.Key), Text(item.Find($"{place} {index}") is { } spot ? item.Template(spot) : Field(pair.Key, pair.Value))))]));
        bodyType ??= kind == "form" ? "application/x-www-form-urlencoded" : null;
    }

    /// <summary>The pairs as written, with the item and secrets inserted.</summary>
    private string Pieces(string text, string place, string filter)
    {
        var index = -1;
        return string.Join('&', text.Split('&').Select(piece =>
        {
            if (piece.Length == 0) return piece;
            index++;
            var pair = DraftItem.Pairs(piece)[0];
            var name = Literal(piece.Split('=')[0]);
            if (item.Find($"{place} {index}") is { } spot) return $"{name}={Filtered(item.Template(spot))}";
            return ShellVariables.Has(pair.Value) || (pair.Value.Length > 0 && SecretNames.IsField(pair.Key))
                ? $"{name}={Filtered(Field(pair.Key, pair.Value))}"
                : Literal(piece);
        }));

        // A path escapes inserted values itself.
        string Filtered(string template) =>
            filter == "path_segment" ? template : template.Replace(" }}", $" | {filter} }}}}", StringComparison.Ordinal);
    }

    private void ReadJson(JsonSpots json, string text)
    {
        bodyType = "application/json";
        if (item.Find("body") is { } whole)
        {
            body.Add("json: " + Text(item.Template(whole).Replace(" }}", " | json }}", StringComparison.Ordinal)));
            return;
        }

        // Written as a YAML value if that results in the same text, otherwise as a template of the whole body.
        var isValue = json.IsCompact && !isExact;
        isFiltered = !isValue;
        var written = json.Rewrite(
            (spot, raw) => JsonValueOf(spot) is { } template ? (isValue ? Text(template) : Document(template, spot)) : isValue
                ? EnvironmentText.Escape(raw).Replace("{{", """{{ \"{{\" }}""", StringComparison.Ordinal)
                    .Replace("{%", """{{ \"{%\" }}""", StringComparison.Ordinal)
                : Plain(raw),
            between => isValue ? between : Plain(between));
        isFiltered = false;
        if (ShellVariables.Has(written))
        {
            throw new ImportException(
                $"the shell variable ${ShellVariables.FirstIn(text)} is used in a name of the JSON; write its value.");
        }

        if (isValue) body.Add("json: " + written);
        else body.AddRange(YamlText.Write("json", written));
    }

    /// <summary>The replacement for a JSON value; null to keep it.</summary>
    private string? JsonValueOf(ItemSpot spot)
    {
        if (item.Find(spot.Place) is { } chosen) return item.Template(chosen);
        if (spot.Kind == JsonValueKind.String && ShellVariables.Has(spot.Value)) return Field(spot.Name, spot.Value);
        if (spot.Depth == 1)
        {
            return spot.Kind == JsonValueKind.Null
                ? null
                : Setting(spot.Name, spot.Kind == JsonValueKind.String ? Text(spot.Value) : spot.Value, spot.Kind);
        }

        return spot.Kind == JsonValueKind.String && spot.Value.Length > 0 && SecretNames.IsField(spot.Name)
            ? Secret(spot.Name, spot.Value)
            : null;
    }

    /// <summary>A template as a value within a JSON document.</summary>
    private static string Document(string template, ItemSpot spot)
    {
        if (Output().IsMatch(template)) return template.Replace(" }}", " | json }}", StringComparison.Ordinal);
        // A text with variables is joined first, so that it is escaped as a whole.
        var parts = ShellVariables.Replace(spot.Value, (name, _) => "\n" + name + "\n").Split('\n');
        if (spot.Value.AsSpan().IndexOfAny("\"\n") >= 0 || spot.Value.Contains("}}", StringComparison.Ordinal))
        {
            throw new ImportException(
                $"the shell variable ${parts[1]} is part of a longer text with quotes or line breaks; write its value.");
        }

        var references = OutputInside().Matches(template).Select(match => match.Groups["what"].Value).ToList();
        return $"{{{{ \"\"{string.Concat(parts.Select((part, index) => $" | append: {(index % 2 == 1 ? references[index / 2] : $"\"{part}\"")}"))} | json }}}}";
    }

    /// <summary>A field's text as a template: a configuration key, or the text itself.</summary>
    private string Field(string name, string value)
    {
        if (value.Length == 0 || ShellVariables.Has(value)) return Literal(value);
        return Setting(name, value) ?? Plain(value);
    }

    /// <summary>A template that results in the given text.</summary>
    private string Literal(string text) => ShellVariables.Replace(BeforeVariable().Replace(Plain(text), """{{ "$0" }}"""), Reference);

    private static string Plain(string text) => Mark().Replace(EnvironmentText.Escape(text), """{{ "$0" }}""");

    /// <summary>A header or address, with variables as references.</summary>
    private string References(string text) => ShellVariables.Replace(EnvironmentText.Escape(text), Reference);

    private string Reference(string name, string? fallback)
    {
        var value = ShellVariables.Expand(ShellVariables.Mark(name, fallback), environment);
        if (!isFiltered)
        {
            Variables.Add(name);
            return (fallback ?? (value.Length == 0 ? "" : null)) is { } text ? $"${{{name}:-{text}}}" : $"${{{name}}}";
        }

        // A configuration key has no default besides the environment, so the variable must be set.
        if (string.IsNullOrEmpty(environment(name))) Secrets[name] = value;
        else Variables.Add(name);
        return Configured(name, name);
    }

    /// <summary>A configuration key for a value; null if it cannot be one.</summary>
    private string? Setting(string name, string value, JsonValueKind kind = JsonValueKind.Undefined)
    {
        if (kind is JsonValueKind.Undefined or JsonValueKind.String && value.Length > 0 && SecretNames.IsField(name))
            return Secret(name, kind == JsonValueKind.String ? JsonNode.Parse(value)!.GetValue<string>() : value);
        if (isExact || !KeyForm().IsMatch(name) || DeclarationReader.SharedConfig.Contains(name) || DeclaredCost.Keys.Contains(name))
        {
            return null;
        }

        var (type, fallback) = kind switch
        {
            JsonValueKind.Number => (value.AsSpan().IndexOfAny(".eE") < 0 ? "integer" : "number", value),
            JsonValueKind.True or JsonValueKind.False => ("boolean", value),
            JsonValueKind.String => ("string", value),
            _ => ("string", Text(value)),
        };
        if (config.Exists(one => one.Key == name && (one.Type != type || one.Default != fallback))) return null;
        if (!config.Exists(one => one.Key == name)) config.Add((name, type, fallback));
        return $"{{{{ config.{name} }}}}";
    }

    /// <summary>A secret of the query or body, whose value is in the environment.</summary>
    private string Secret(string name, string value)
    {
        var variable = $"{Variable}_{NotKey().Replace(name, "_").ToUpperInvariant()}";
        while (Variables.Contains(variable) || (Secrets.TryGetValue(variable, out var other) && other != value)) variable += "_2";
        Secrets[variable] = value;
        return isFiltered ? Configured(name, variable) : $"${{{variable}}}";
    }

    /// <summary>A configuration key whose value is in the environment.</summary>
    private string Configured(string name, string variable)
    {
        var key = NotKey().Replace(name, "_");
        if (key.Length == 0 || char.IsAsciiDigit(key[0]) || DeclarationReader.SharedConfig.Contains(key)) key = "secret_" + key;
        while (config.Exists(one => one.Key == key && one.Default != variable)) key += "_2";
        if (!config.Exists(one => one.Key == key)) config.Add((key, "secret", variable));
        return $"{{{{ config.{key} }}}}";
    }

    private string Variable => Name.Replace('-', '_').ToUpperInvariant();

    private string Hide(string name, string value)
    {
        if (!SecretNames.IsHeader(name) || value.Length == 0) return EnvironmentText.Escape(value);
        var space = name.Equals("authorization", StringComparison.OrdinalIgnoreCase) ? value.IndexOf(' ', StringComparison.Ordinal) + 1 : 0;
        var variable = Variable + "_API_KEY";
        if (Secrets.TryGetValue(variable, out var other) && other != value[space..])
        {
            variable = $"{Variable}_{NotKey().Replace(name.ToUpperInvariant(), "_")}";
        }

        Secrets[variable] = value[space..];
        return $"{EnvironmentText.Escape(value[..space])}${{{variable}}}";
    }

    /// <summary>The host is the name, or what the path says where the host is only this machine or a number.</summary>
    private static string NameOf(CurlRequest request)
    {
        var url = request.Url;
        var words = request.Address.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word != "api" && !ShellVariables.Has(word) && !Version().IsMatch(word));
        var isNameless = url.IsLoopback || url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;
        var said = url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()
            ?? (isNameless && string.Join('-', words.TakeLast(2)) is { Length: > 0 } path ? path : url.Host);
        var name = NotName().Replace(said.ToLowerInvariant(), "-").Trim('-');
        if (name is not [>= 'a' and <= 'z', ..]) name = "service-" + name;
        return name.Length <= DeclarationReader.MaxName ? name : name[..DeclarationReader.MaxName].TrimEnd('-');
    }

    private static string Key(string name) => KeyForm().IsMatch(name) ? name : Text(name);

    private static string Text(string text) => YamlText.Of(text);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyForm();

    [GeneratedRegex("[^A-Za-z0-9_]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotKey();

    [GeneratedRegex("^v[0-9]+[a-z0-9]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Version();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotName();

    [GeneratedRegex(@"\{\{|\{%", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    /// <summary>Matches text that would be read as part of a following reference or output.</summary>
    [GeneratedRegex("[${](?=\uFDD0)", RegexOptions.CultureInvariant)]
    private static partial Regex BeforeVariable();

    [GeneratedRegex(@"^\{\{ [^{}]* \}\}$", RegexOptions.CultureInvariant)]
    private static partial Regex Output();

    [GeneratedRegex(@"\{\{ (?<what>config\.\w+) \}\}", RegexOptions.CultureInvariant)]
    private static partial Regex OutputInside();
}

using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads the declaration of a service. It is strict: unknown keys are errors, and every error has a line and a column.</summary>
public static partial class DeclarationReader
{
    /// <summary>The keys of a job's configuration that every service has.</summary>
    public static IReadOnlyList<string> SharedConfig { get; } =
    [
        "job_name", "user_id", "session_id", "priority", "batch_size", "max_parallel", "max_retries", "start_at", "deadline", "tags",
        "webhook", CacheReader.Key,
    ];

    private static readonly string[] ConnectionHeaders =
    [
        "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Expect", "TE", "Trailer", "Upgrade",
    ];

    /// <summary>The most characters of the name of a service.</summary>
    public const int MaxName = 63;

    private static readonly string[] ReservedNames =
    [
        "queue", "batch", "sessions", "interactions", "services", "demo", "keys", "ws", "events", "jobs", "tasks", "bulk", "people",
        "nodes", "series", "audit", "me", "quote", "schedules", "uploads", "webhooks", "login", "logout", "server",
    ];

    /// <summary>Reads the content of one file.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="file">The file's name, for the error messages of calls.</param>
    public static DeclarationResult Read(string text, string file = "the declaration")
    {
        var errors = new List<DeclarationError>();
        var declaration = Parse(text, errors) is { } root ? ReadService(root, Path.GetFileName(file), errors) : null;
        return errors.Count > 0
            ? new DeclarationResult(null, [.. errors.Distinct().OrderBy(error => error.Line).ThenBy(error => error.Column)])
            : new DeclarationResult(declaration, []);
    }

    private static YamlMap? Parse(string text, List<DeclarationError> errors)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            var stream = new YamlStream();
            var bound = YamlLimits.CheckText(text);
            if (bound is null) stream.Load(parser);
            if (stream.Documents.Count == 1) bound = YamlLimits.CheckNodes(stream.Documents[0].RootNode);
            else bound ??= new DeclarationError(1, 1, "A file must declare one service: a mapping with name, url and operations.");
            if (bound is null) return YamlMap.From(stream.Documents[0].RootNode, "A service", errors);
            errors.Add(bound);
        }
        catch (YamlException exception)
        {
            var message = exception.InnerException is YamlException inner ? inner.Message : exception.Message;
            if (message.StartsWith("Duplicate key", StringComparison.Ordinal))
            {
                message += ". To repeat a field, use a list, such as label: [a, b].";
            }

            errors.Add(new DeclarationError((int)exception.Start.Line, (int)exception.Start.Column, $"This is not YAML: {message}"));
        }
        catch (Exception exception) when (YamlFaults.Is(exception))
        {
            errors.Add(YamlFaults.Of(parser));
        }

        return null;
    }

    private static ServiceDeclaration ReadService(YamlMap map, string file, List<DeclarationError> errors)
    {
        var name = ReadName(map);
        var schemas = new SchemaReader(errors);
        var config = new FieldSchema
        {
            Type = FieldType.Record,
            Properties = map.Map("config") is { } keys ? ReadConfig(keys, schemas, errors) : [],
        };
        var cost = new CostReader(errors).Read(map);
        var declaration = new ServiceDeclaration
        {
            Name = name,
            Description = map.Text("description"),
            Url = ReadUrl(map, errors),
            Headers = map.Map("headers") is { } headers ? ReadHeaders(headers, errors) : [],
            CredentialsFor =
                [.. map.Texts("credentials_for").Select(authority => ReadCredentialTarget(authority, errors)).OfType<CredentialTarget>()],
            Aliases = [.. map.Texts("aliases").Select(alias => ReadAlias(alias, errors))],
            Config = config,
            Health = map.Find("health") is { } health ? ReadEnvironmentText(health, errors) : null,
            Watts = map.Number("watts", 0, 1e9),
            Limits = new LimitReader(errors).Read(map, name),
            Operations = ReadOperations(map, file, name, config, cost, errors),
            OpenAi = new OpenAiReader(errors).Read(map, name, cost),
            Anthropic = new AnthropicReader(errors).Read(map, name, cost),
        };
        if (map.Text("default_operation") is { } usual)
        {
            if (declaration.Operations.Any(one => one.Operation.Name == usual)) declaration = declaration with { DefaultOperation = usual };
            else map.Invalid("default_operation", $"one of {string.Join(", ", declaration.Operations.Select(one => one.Operation.Name))}");
        }

        map.Find("errors");
        map.ReportUnknownKeys();
        return declaration;
    }

    /// <summary>What the name of a service must be instead; null for a valid one.</summary>
    public static string? FindNameFault(string name)
    {
        if (!NamePattern().IsMatch(name)) return "lower-case letters, digits and hyphens, and start with a letter";
        if (ReservedNames.Contains(name)) return $"another name, such as my-{name}: {name} is reserved for the server's own routes";
        return name == "visage" ? "another name, such as my-visage: visage is the face service, which is built in" : null;
    }

    private static string ReadName(YamlMap map)
    {
        if (map.Require("name", "translation") is null) return "service";
        var name = map.Text("name") ?? "";
        if (FindNameFault(name) is { } fault) map.Invalid("name", fault);
        return name;
    }

    private static IReadOnlyList<KeyValuePair<string, FieldSchema>> ReadConfig(
        YamlMap map, SchemaReader schemas, List<DeclarationError> errors)
    {
        foreach (var (key, _) in map.Members())
        {
            if (DeclaredCost.Keys.Contains(key.Value!))
                YamlMap.Report(errors, key, $"{key.Value} is reserved for what a job costs: use another name.");
            if (SharedConfig.Contains(key.Value!)) YamlMap.Report(errors, key, $"{key.Value} is a key that every service has: remove it.");
        }

        var properties = schemas.ReadProperties(map, isRequired: false);
        foreach (var (name, schema) in properties)
        {
            if (HasInnerSecret(schema))
            {
                YamlMap.Report(
                    errors, map.Find(name)!, $"config.{name} cannot contain secrets: declare each secret as a separate key of config.");
            }

            if (HasFile(schema))
            {
                YamlMap.Report(
                    errors,
                    map.Find(name)!,
                    $"config.{name} cannot contain a file: declare the file as the item or as one of its properties.");
            }
        }

        return properties;
    }

    private static bool HasInnerSecret(FieldSchema schema) =>
        Children(schema).Any(inner => inner.Type == FieldType.Secret || HasInnerSecret(inner));

    private static IEnumerable<FieldSchema> Children(FieldSchema schema) =>
        schema.Properties.Select(property => property.Value).Concat(schema.Element is { } element ? [element] : []);

    private static bool HasFile(FieldSchema schema) =>
        schema.Type == FieldType.File || HasMisplacedFile(schema) || schema.Properties.Any(property => HasFile(property.Value));

    private static bool HasMisplacedFile(FieldSchema schema) =>
        (schema.Element is { } element && HasFile(element))
        || schema.Properties.Any(property => property.Value.Type != FieldType.File && HasFile(property.Value));

    private static List<DeclaredOperation> ReadOperations(
        YamlMap service, string file, string name, FieldSchema config, DeclaredCost? cost, List<DeclarationError> errors)
    {
        var operations = new List<DeclaredOperation>();
        if (service.Require(
            "operations", "operations: {translate: {item: string, request: {path: /translate, json: {q: \"{{ item }}\"}}}}") is not { } node
            || YamlMap.From(node, "operations", errors) is not { } map)
        {
            return operations;
        }

        foreach (var (key, value) in map.Members())
        {
            if (!NamePattern().IsMatch(key.Value!))
            {
                YamlMap.Report(
                    errors, key, "The name of an operation must have lower-case letters, digits and hyphens, and start with a letter.");
            }

            if (YamlMap.From(value, $"The operation {key.Value}", errors) is { } operation)
                operations.Add(ReadOperation(operation, service, file, name, key.Value!, config, cost, errors));
        }

        if (operations.Count == 0 && errors.Count == 0) service.Invalid("operations", "a mapping with at least one operation");
        foreach (var duplicate in operations.GroupBy(operation => operation.Operation.TaskType).Where(group => group.Count() > 1))
            service.Invalid("operations", $"given different values of task_type: several have '{duplicate.Key}'");
        return operations;
    }

    private static DeclaredOperation ReadOperation(
        YamlMap map, YamlMap service, string file, string serviceName, string name, FieldSchema config, DeclaredCost? cost,
        List<DeclarationError> errors)
    {
        var item = map.Require("item", "item: string") is { } node
            ? new SchemaReader(errors).Read(node, "item", isRequired: true)
            : FieldSchema.Any;
        if (HasMisplacedFile(item))
        {
            map.Invalid("item", "without files inside lists and inner objects: a file must be the item itself or one of its properties");
        }

        if (item.Type == FieldType.Secret || HasInnerSecret(item))
        {
            map.Invalid("item", "without secrets, because items are stored and shown: declare secrets as keys of config");
        }

        var answers = new AnswerReader(errors);
        var templates = new TemplateReader(new TemplateScope(item, config), file, $"operations.{name}.request", errors);
        var request = map.Require("request", "request: {path: /translate, json: {q: \"{{ item }}\"}}") is { } body
            && YamlMap.From(body, "request", errors) is { } read
            ? new RequestReader(item, templates).Read(read)
            : new RequestTemplate
            {
                Method = HttpMethod.Get,
                Path = templates.Read(new YamlScalarNode(""), "path"),
                PathText = "",
                Query = [],
                Scope = templates.Scope,
            };
        var rules = answers.ReadRules(map, service);
        var pack = map.Map("pack") is { } packing ? new PackReader(item, new TemplateReader(
            new TemplateScope(item, config, isPack: true), file, $"operations.{name}.pack.request", errors)).Read(packing, rules) : null;
        var nameParts = (Service: serviceName.Replace('-', '_'), Operation: name.Replace('-', '_'));
        var operation = new DeclaredOperation(request, rules)
        {
            Operation = new AdapterOperation(
                name,
                map.Text("task_type") ?? $"{nameParts.Service}_{nameParts.Operation}",
                map.Text("job_type") ?? $"{nameParts.Service}_batch_{nameParts.Operation}")
            {
                Fold = answers.ReadFold(map),
                Pack = pack?.MaxItems ?? 1,
                View = ViewReader.Read(map, errors),
                ResultVersion = DeclarationVersion.Of(service, map.Node),
                Cache = CacheReader.Read(service, map),
            },
            Description = map.Text("description"),
            Item = item,
            Cost = ReadCost(map, pack is not null, errors) ?? cost,
            Pack = pack,
        };
        map.ReportUnknownKeys();
        return operation;
    }

    private static DeclaredCost? ReadCost(YamlMap operation, bool isPacked, List<DeclarationError> errors)
    {
        var cost = new CostReader(errors).Read(operation);
        if (isPacked && cost?.Tokens is not null)
            operation.Invalid("cost", "a number, the cost of an item: the tokens of a pack belong to several items");
        return cost;
    }

    /// <summary>Reads the address. What the environment adds to it is checked when the service is used.</summary>
    private static EnvironmentText ReadUrl(YamlMap map, List<DeclarationError> errors)
    {
        var node = map.Require("url", "http://127.0.0.1:5000");
        var text = ReadEnvironmentText(node, errors);
        if (node is null || text.Source.Length == 0) return text;
        // The defaults of variables are part of the declaration; files are not.
        var url = text.Source.Contains("${file:", StringComparison.Ordinal) ? null : text.Resolve(static _ => null);
        if (url is not null && DeclaredAdapter.ReasonToRefuse(url) is { } reason) YamlMap.Report(errors, node, $"The url {reason}");
        return text;
    }

    private static List<KeyValuePair<string, EnvironmentText>> ReadHeaders(YamlMap map, List<DeclarationError> errors)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var headers = new List<KeyValuePair<string, EnvironmentText>>();
        foreach (var header in map.Members())
        {
            if (!names.Add(header.Key.Value!))
            {
                YamlMap.Report(
                    errors, header.Key, $"The header {header.Key.Value} is given twice; upper and lower case do not matter in its name.");
            }

            headers.Add(ReadHeader(header, errors));
        }

        return headers;
    }

    private static KeyValuePair<string, EnvironmentText> ReadHeader(
        (YamlScalarNode Key, YamlNode Value) header, List<DeclarationError> errors)
    {
        if (!HeaderPattern().IsMatch(header.Key.Value!))
        {
            YamlMap.Report(errors, header.Key, $"'{header.Key.Value}' is not a valid header name.");
        }

        if (ConnectionHeaders.Contains(header.Key.Value!, StringComparer.OrdinalIgnoreCase))
        {
            YamlMap.Report(
                errors, header.Key, $"The header {header.Key.Value} belongs to the connection, and each call sets it itself: remove it.");
        }

        var value = ReadEnvironmentText(header.Value, errors);
        if (header.Key.Value!.Equals("Host", StringComparison.OrdinalIgnoreCase) && !value.HasReferences
            && !HostPattern().IsMatch(value.Source))
        {
            YamlMap.Report(
                errors, header.Value, $"'{value.Source}' is not a valid host; use a host such as example.com or example.com:8080.");
        }

        return new(header.Key.Value!, value);
    }

    private static EnvironmentText ReadEnvironmentText(YamlNode? node, List<DeclarationError> errors)
    {
        if (node is null) return new EnvironmentText("");
        if (node is not YamlScalarNode { Value: { } text })
        {
            YamlMap.Report(errors, node, "This must be a text; it may refer to environment variables as ${NAME}.");
        }
        else if (EnvironmentText.ReasonToRefuse(text) is { } reason)
        {
            YamlMap.Report(errors, node, reason);
        }
        else if (text.AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            YamlMap.Report(errors, node, "This must be one line.");
        }
        else if (text.Any(char.IsControl))
        {
            YamlMap.Report(errors, node, "This has a control character, which cannot be sent: remove it.");
        }
        else
        {
            return new EnvironmentText(text);
        }

        return new EnvironmentText("");
    }

    private static CredentialTarget? ReadCredentialTarget(YamlScalarNode node, List<DeclarationError> errors)
    {
        if (CredentialTarget.Parse(node.Value!) is { } target) return target;
        YamlMap.Report(errors, node, $"'{node.Value}' is not valid; use host:port, such as ai-2.example.org:443.");
        return null;
    }

    private static string ReadAlias(YamlScalarNode node, List<DeclarationError> errors)
    {
        if (!AliasPattern().IsMatch(node.Value!))
        {
            YamlMap.Report(errors, node, $"'{node.Value}' is not a valid pattern; use one such as *:5000/translate*.");
        }

        return node.Value!;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderPattern();

    [GeneratedRegex(@"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();

    [GeneratedRegex("^[^/:]+:[^/:]+/.*$", RegexOptions.CultureInvariant)]
    private static partial Regex AliasPattern();
}

namespace StashAI.Gateway.Tests.Services;

/// <summary>Every place of a declaration where a secret of the environment can stand.</summary>
internal static class SecretPlaces
{
    public const string Secret = "tok-12345678/+&";

    /// <summary>The name of a place, what declares it at the service and in a request, and whether a request can do without it.</summary>
    public static IReadOnlyDictionary<string, (string Service, string Request, bool CanGoWithout)> All { get; } =
        new Dictionary<string, (string, string, bool)>
        {
            ["header"] = ("headers: {X-Key: \"Bearer ${SECRET}\"}", "path: /x, json: {q: \"{{ ITEM }}\"}", true),
            ["literal header"] = ("headers: {X-Key: \"tok-12345678/+&\"}", "path: /x, json: {q: \"{{ ITEM }}\"}", true),
            ["file header"] = ("headers: {X-Key: \"${file:FILE}\"}", "path: /x, json: {q: \"{{ ITEM }}\"}", true),
            ["query"] = ("", "path: /x, query: {key: \"${SECRET}\", q: a}, json: {q: \"{{ ITEM }}\"}", true),
            ["query of config"] = (
                "config: {key: {type: secret, env: SECRET}}",
                "path: /x, query: {key: \"{{ config.key }}\"}, json: {q: \"{{ ITEM }}\"}",
                true),
            ["path"] = ("", "path: \"/x/${SECRET}/y\", json: {q: \"{{ ITEM }}\"}", false),
            ["json"] = ("", "path: /x, json: {key: \"${SECRET}\", q: \"{{ ITEM }}\"}", false),
            ["inside json"] = ("", "path: /x, json: {auth: [{a: \"x ${SECRET}\"}], q: \"{{ ITEM }}\"}", false),
            ["file in json"] = ("", "path: /x, json: {key: \"${file:FILE}\", q: \"{{ ITEM }}\"}", false),
            ["json text"] = (
                "config: {key: {type: secret, env: SECRET}}",
                "path: /x, json: '{\"k\":{{ config.key | json }},\"q\":{{ ITEM | json }}}'",
                false),
            ["whole config"] = (
                "config: {key: {type: secret, env: SECRET}}",
                "path: /x, json: '{\"c\":{{ config | json }},\"q\":{{ ITEM | json }}}'",
                false),
            ["form"] = ("", "path: /x, form: {key: \"${SECRET}\", q: \"{{ ITEM | json }}\"}", false),
            ["multipart"] = ("", "path: /x, multipart: {key: \"${SECRET}\", q: \"{{ ITEM | json }}\"}", false),
            ["raw"] = ("", "path: /x, raw: \"${SECRET} {{ ITEM | json }}\"", false),
        };

    /// <summary>A declaration with the secret in one place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="isPacked">True when the packed call has it too.</param>
    /// <param name="url">The service's address.</param>
    /// <param name="file">A file that holds the secret.</param>
    /// <param name="more">More lines of the declaration.</param>
    public static string Yaml(string place, bool isPacked, string url, string file, string more = "")
    {
        var (service, request, _) = All[place];
        var lines = new List<string>
        {
            "name: echo", "url: " + url, service.Replace("FILE", file, StringComparison.Ordinal), more, "operations:", "  go:",
            "    item: string",
        };
        var single = request.Replace("ITEM", "item", StringComparison.Ordinal);
        // A list has no text by itself; in a value of JSON it stays a list.
        var isText = place is "form" or "multipart" or "raw";
        var packed = request.Replace("ITEM", isText ? "items | json" : "items", StringComparison.Ordinal);
        lines.Add($"    request: {{{single.Replace("FILE", file, StringComparison.Ordinal)}}}");
        if (isPacked) lines.Add($"    pack: {{max: 4, request: {{{packed.Replace("FILE", file, StringComparison.Ordinal)}}}}}");
        return string.Join('\n', lines.Where(line => line.Length > 0));
    }

    public static string? Environment(string name) => name == "SECRET" ? Secret : null;

    /// <summary>True when a text holds the secret in one of its forms.</summary>
    public static bool Shows(string text) =>
        text.Contains("tok-12345678", StringComparison.OrdinalIgnoreCase) || text.Contains("dG9rLTEyMzQ1Njc4", StringComparison.Ordinal);
}

using StashAI.Adapters.Http.Calls;
using StashAI.Sdk;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>Reads how results are shown: <c>view: {kind: transcript, text: /text}</c>, or <c>view: table</c>.</summary>
internal static class ViewReader
{
    /// <summary>The parts of each view; those that it cannot do without come first.</summary>
    private static readonly Dictionary<string, (string[] Required, string[] Optional)> Kinds = new()
    {
        ["faces"] = ([], []),
        ["video"] = ([], []),
        ["comparison"] = ([], []),
        ["transcript"] = (["text"], ["segments", "language", "duration"]),
        ["translation"] = (["text"], ["language"]),
        ["chat"] = (["text"], ["tokens", "finish_reason"]),
        ["ocr"] = (["text"], []),
        ["embedding"] = (["vector"], []),
        ["table"] = ([], []),
    };

    /// <param name="owner">The service, or an operation with a view of its own.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static ResultView? Read(YamlMap owner, List<DeclarationError> errors)
    {
        if (owner.Find("view") is not { } node) return null;
        if (node is YamlScalarNode { Value: { } word }) node = new YamlMappingNode("kind", word);
        if (YamlMap.From(node, "view", errors) is not { } map) return null;
        if (map.Require("kind", "kind: table") is null) return null;
        var kind = map.Text("kind") ?? "";
        if (!Kinds.TryGetValue(kind, out var known))
        {
            YamlMap.Report(errors, owner.Find("view")!, $"The kind of view must be one of {string.Join(", ", Kinds.Keys)}.");
            return null;
        }

        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in known.Required)
        {
            if (map.Find(part) is null)
                YamlMap.Report(errors, owner.Find("view")!, $"The view {kind} needs {part}, for example {part}: /{part}.");
        }

        foreach (var part in known.Required.Concat(known.Optional))
        {
            if (map.Text(part) is not { } pointer) continue;
            if (JsonPointer.Parse(pointer) is null) map.Invalid(part, "a JSON pointer into the result, such as /text");
            parts[part] = pointer;
        }

        map.ReportUnknownKeys();
        return new ResultView(kind) { Parts = parts };
    }
}

using System.Security.Cryptography;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// A digest of what a declaration says about the calls of an operation and about their answers. With another one, earlier results are not
/// reused. What does not change a result, such as limits and descriptions, is left out; any other key counts.
/// </summary>
internal static class DeclarationVersion
{
    /// <summary>Counts changes of this program that give the same declaration other results.</summary>
    private const int Program = 1;

    private static readonly string[] NeutralKeys =
    [
        "name", "description", "aliases", "credentials_for", "health", "watts", "cost", "timeout", "max_parallel", "rate", "allowed_hours",
        "labels", "circuit", "view", "cache", "operations", "default_operation", "openai",
    ];

    private static readonly string[] NeutralKeysOfOperation =
        ["description", "cost", "view", "cache", "task_type", "job_type", "fold", "models"];

    /// <summary>The version of an operation, or of the routes of OpenAI's API.</summary>
    /// <param name="service">The service.</param>
    /// <param name="operation">What it says about the operation; null for nothing.</param>
    public static string Of(YamlMap service, YamlNode? operation)
    {
        var text = $"{Program}\n{Without(service.Node, NeutralKeys)}\n"
            + (operation is YamlMappingNode mapping ? Without(mapping, NeutralKeysOfOperation) : "");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Without(YamlMappingNode mapping, string[] keys) =>
        YamlValue.ToJson(new YamlMappingNode(
            mapping.Children.Where(child => child.Key is YamlScalarNode key && !keys.Contains(key.Value))
                .OrderBy(child => ((YamlScalarNode)child.Key).Value, StringComparer.Ordinal)));
}

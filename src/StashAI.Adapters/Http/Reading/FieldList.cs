using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// Reads fields that may be repeated: a mapping whose values may be lists (<c>label: [a, b]</c>), or a list of such mappings if the order
/// of different fields matters.
/// </summary>
internal static class FieldList
{
    public static IReadOnlyList<(YamlScalarNode Key, YamlNode Value)> Read(YamlNode? node, string subject, List<DeclarationError> errors) =>
        node switch
        {
            null => [],
            YamlSequenceNode list => [.. list.Children.SelectMany(child => Read(child as YamlMappingNode, child, subject, errors))],
            _ => [.. Read(node as YamlMappingNode, node, subject, errors)],
        };

    private static IEnumerable<(YamlScalarNode Key, YamlNode Value)> Read(
        YamlMappingNode? mapping, YamlNode node, string subject, List<DeclarationError> errors)
    {
        if (mapping is null)
        {
            YamlMap.Report(errors, node, $"{subject} must be a mapping of names to values, or a list of such mappings.");
            yield break;
        }

        foreach (var (key, value) in new YamlMap(mapping, subject, errors).Members())
        {
            if (value is not YamlSequenceNode values)
            {
                yield return (key, value);
                continue;
            }

            foreach (var item in values.Children) yield return (key, item);
        }
    }
}

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Writes fields as lines of YAML in order, even if a name is repeated.</summary>
internal static class FieldLines
{
    /// <param name="fields">Names and values, both as YAML.</param>
    public static IEnumerable<string> Write(IReadOnlyList<(string Key, string Value)> fields)
    {
        var runs = new List<(string Key, List<string> Values)>();
        foreach (var (key, value) in fields)
        {
            if (runs.Count > 0 && runs[^1].Key == key) runs[^1].Values.Add(value);
            else runs.Add((key, [value]));
        }

        // If a name is repeated after another one, a mapping cannot keep the order.
        var isList = runs.Select(run => run.Key).Distinct().Count() < runs.Count;
        return runs.Select(
            run => $"  {(isList ? "- " : "")}{run.Key}: {(run.Values.Count == 1 ? run.Values[0] : $"[{string.Join(", ", run.Values)}]")}");
    }
}

using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>Puts another judgement into the result of a photo.</summary>
internal static class RematchedPhoto
{
    private const string Data = "data";
    private const string Performers = "performers";
    private const string Ambiguous = "ambiguous";
    private const string Threshold = "threshold_cosine";
    private const string Version = "gallery_version";

    /// <summary>
    /// The result with the people, the threshold and the version of the new judgement; everything else stays as it was, byte for byte.
    /// </summary>
    public static RematchedResult Write(ReadOnlyMemory<byte> output, JsonElement judgement, long version)
    {
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        var before = root.GetProperty(Data)[0];
        var after = judgement.GetProperty("faces");
        if (before.GetArrayLength() != after.GetArrayLength())
            throw new InvalidOperationException("The stored faces of a photo are not those of its result.");
        var splices = new JsonSplices(output);
        var isChanged = false;
        for (var i = 0; i < before.GetArrayLength(); i++)
        {
            isChanged = isChanged || !IsSame(before[i], after[i]);
            splices.Replace(before[i].GetProperty(Performers), after[i].GetProperty(Performers));
            splices.Replace(before[i].GetProperty(Ambiguous), after[i].GetProperty(Ambiguous));
        }

        if (root.TryGetProperty(Threshold, out var threshold)) splices.Replace(threshold, judgement.GetProperty(Threshold));
        if (root.TryGetProperty(Version, out var known)) splices.Replace(known, version);
        else splices.Append(Version, version);
        return new RematchedResult(splices.Apply(), isChanged);
    }

    private static bool IsSame(JsonElement before, JsonElement after) =>
        before.GetProperty(Ambiguous).GetBoolean() == after.GetProperty(Ambiguous).GetBoolean()
        && Ids(before).SequenceEqual(Ids(after));

    private static IEnumerable<string?> Ids(JsonElement face) =>
        face.GetProperty(Performers).EnumerateArray().Select(person => person.GetProperty("id").GetString());
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Templates;
using StashAI.Gateway.Upstreams.Import.Shell;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Upstreams.Trials;
using StashAI.Gateway.Wire.Json;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>The item of a call: one text, one file, several files, or the whole body.</summary>
internal sealed partial class DraftItem
{
    private static readonly string[] Likely =
        ["item", "input", "text", "q", "prompt", "query", "sentence", "content", "image", "image_data", "file", "audio", "data"];
    private static readonly UTF8Encoding Strict = new(false, true);

    private readonly List<ItemSpot> chosen = [];
    private readonly List<string> names = [];
    private readonly Func<string, string?> environment;

    private DraftItem(CurlRequest request, Func<string, string?> environment)
    {
        this.environment = environment;
        Body = request.Body;
        var isPlain = request.MediaType is "" or "application/x-www-form-urlencoded";
        if (Body is CurlBody.File file && AsText(file, request.MediaType, isPlain) is { } read) Body = new CurlBody.Text(read);
        if (Body is not CurlBody.Text { Value: var text }) return;
        if (IsJson(request.MediaType) || (isPlain && LooksLikeJson(text))) Json = JsonSpots.Read(text);
        IsForm = Json is null && isPlain && IsPairs(text);
    }

    /// <summary>The body; a file with fields is read as text.</summary>
    public CurlBody? Body { get; }

    /// <summary>The values of a JSON body; null for another body.</summary>
    public JsonSpots? Json { get; }

    public bool IsForm { get; }

    /// <summary>The names of the item's fields, for messages.</summary>
    public string Field => string.Join(
        " and ",
        chosen.Select(spot => spot.Place == "body"
            ? "the body"
            : spot.Place is ['/', ..] && spot.Depth > 1 ? spot.Place[1..].Replace('/', '.') : spot.Name));

    /// <summary>The item's schema as YAML.</summary>
    public string Schema => chosen.Count == 1
        ? chosen[0].Type
        : $"{{type: object, properties: {{{string.Join(", ", chosen.Zip(names, (spot, name) => $"{name}: {{type: {spot.Type}}}"))}}}}}";

    /// <summary>The reference to a file that is the whole body; null otherwise.</summary>
    public string? WholeBody => chosen.Find(spot => spot.Place == "body") is { } spot ? Reference(spot) : null;

    /// <summary>The item of the command.</summary>
    public TrialItem Example
    {
        get
        {
            var payloads = chosen.Zip(names).Where(one => one.First.Bytes is not null)
                .Select(TaskPayload (one) => new MemoryPayload(one.First.Bytes!)
                {
                    Slot = chosen.Count == 1 ? ServiceOperation.WholeSlot : one.Second,
                    DataUrlPrefix = null,
                    Size = one.First.Bytes!.Length,
                }).ToList();
            if (chosen is [var only]) return new TrialItem(only.Bytes is null ? ValueOf(only) : ReadOnlyMemory<byte>.Empty, payloads);
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                foreach (var (spot, name) in chosen.Zip(names).Where(one => one.First.Bytes is null))
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(ValueOf(spot));
                }

                json.WriteEndObject();
            }

            return new TrialItem(buffer.ToArray(), payloads);
        }
    }

    /// <exception cref="ImportException">It is not clear what the item is.</exception>
    public static DraftItem Of(CurlRequest request, string? wanted, bool isExact, Func<string, string?> environment)
    {
        var item = new DraftItem(request, environment);
        // A file in a text is decoded, unless encoding it again would not result in the same text.
        var spots = item.BodySpots().Select(spot => isExact && spot.Value.Length > 0 ? spot.AsText() : spot).ToList();
        var queries = request.Address.Query is { } query
            ? Spots(query, "query").Select(spot => isExact ? spot.AsText() : spot).ToList()
            : [];
        item.Choose(spots, queries, wanted);
        foreach (var spot in item.chosen) item.names.Add(item.NewName(spot));
        return item;
    }

    /// <summary>The spot at a place, if it belongs to the item.</summary>
    public ItemSpot? Find(string place) => chosen.Find(spot => spot.Place == place);

    /// <summary><c>item</c>, or a property of it.</summary>
    public string Reference(ItemSpot spot) => chosen.Count == 1 ? "item" : "item." + names[chosen.IndexOf(spot)];

    public string Template(ItemSpot spot)
    {
        if (spot.Prefix is null) return $"{{{{ {Reference(spot)} }}}}";
        var own = $"data:{Adapters.Http.Templates.FileKind.ContentType(spot.Bytes)};base64,";
        return spot.Prefix == own ? $"{{{{ {Reference(spot)} | data_url }}}}" : $"{spot.Prefix}{{{{ {Reference(spot)} }}}}";
    }

    /// <summary>True for <c>a=b&amp;c=d</c> whose names and values are text.</summary>
    public static bool IsPairs(string text)
    {
        var pieces = text.Split('&');
        return pieces.All(piece => piece.IndexOf('=', StringComparison.Ordinal) > 0 && Decode(piece) is { } plain
            && !plain.Contains('\uFFFD', StringComparison.Ordinal))
            && text.TrimStart() is not ['<', ..];
    }

    public static List<KeyValuePair<string, string>> Pairs(string text) =>
        [.. text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(piece => piece.Split('=', 2)).Select(
            pair => new KeyValuePair<string, string>(Decode(pair[0]) ?? pair[0], pair.Length == 1 ? "" : Decode(pair[1]) ?? pair[1]))];

    private static IEnumerable<ItemSpot> Spots(string text, string place) =>
        Pairs(text).Select((pair, index) => ItemSpot.Of($"{place} {index}", pair.Key, pair.Value));

    private IEnumerable<ItemSpot> BodySpots() => Body switch
    {
        CurlBody.File file => [new ItemSpot("body", "the body", "") { Bytes = file.Bytes, IsFile = true }],
        CurlBody.Form form => form.Parts.Select((part, index) => part.Bytes is null
            ? ItemSpot.Of($"field {index}", part.Name, part.Value!)
            : new ItemSpot($"field {index}", part.Name, "") { Bytes = part.Bytes, IsFile = true }),
        CurlBody.Text { Value: var text } when Json is not null =>
            Json.IsObject ? Json.All : [new ItemSpot("body", "the body", text) { Kind = JsonValueKind.Array }],
        CurlBody.Text { Value: var text } when IsForm => Spots(text, "field"),
        CurlBody.Text { Value: { Length: > 0 } text } => [new ItemSpot("body", "the body", text)],
        _ => [],
    };

    private void Choose(List<ItemSpot> spots, List<ItemSpot> queries, string? wanted)
    {
        var all = spots.Concat(queries).ToList();
        chosen.AddRange(all.Where(spot => spot.IsFile));
        if (wanted is not null)
        {
            var named = all.Find(spot => spot.Name == wanted)
                ?? all.Find(spot => spot.Place is ['/', .. var place] && place.Replace('/', '.') == wanted)
                ?? throw new ImportException(
                    $"the command has no field '{wanted}'; it has {string.Join(", ", all.Select(spot => spot.Name).Distinct())}.", "item");
            if (!chosen.Contains(named)) chosen.Add(named);
        }

        if (chosen.Count == 0 && (Pick(spots) ?? Pick(queries)) is { } picked) chosen.Add(picked);
        if (chosen.Count == 0) throw new ImportException("it is not clear which field of the command is the item; name it.", "item");
        if (chosen.GroupBy(spot => spot.Place).Any(group => group.Count() > 1)
            || (Json is not null && spots.GroupBy(spot => spot.Place).Any(group => group.Count() > 1 && group.Any(chosen.Contains))))
        {
            throw new ImportException($"the field {chosen[0].Name} appears twice in one JSON object; leave one out.");
        }
    }

    private static ItemSpot? Pick(List<ItemSpot> spots)
    {
        if (spots is [{ Place: "body" } body]) return body;
        // In a chat, the last message is the item.
        var messages = spots.Where(spot => spot.Kind == JsonValueKind.String && Message().IsMatch(spot.Place)).ToList();
        if (messages.Count > 0) return messages[^1];
        var texts = spots.Where(
            spot => spot is { Kind: JsonValueKind.String, Value.Length: > 0 } && !SecretNames.IsField(spot.Name)).ToList();
        foreach (var isTop in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var name in Likely)
            {
                if (texts.FindLast(spot => spot.Depth == 1 == isTop && spot.Name == name) is { } likely) return likely;
            }
        }

        return texts.Where(spot => spot.Depth == 1).MaxBy(spot => spot.Value.Length)
            ?? texts.Where(spot => spot.Name is not ("role" or "type" or "model")).MaxBy(spot => spot.Value.Length);
    }

    private byte[] ValueOf(ItemSpot spot)
    {
        var value = ShellVariables.Expand(spot.Value, environment);
        return spot.Kind == JsonValueKind.String
            ? JsonSerializer.SerializeToUtf8Bytes(value, TextJson.Default.String)
            : Encoding.UTF8.GetBytes(value);
    }

    private string NewName(ItemSpot spot)
    {
        var name = NotKey().Replace(spot.Place == "body" ? "body" : spot.Name, "_").Trim('_');
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) name = "file_" + name;
        var unique = name.TrimEnd('_');
        for (var i = 2; names.Contains(unique); i++) unique = string.Create(CultureInfo.InvariantCulture, $"{name.TrimEnd('_')}_{i}");
        return unique;
    }

    private static string? AsText(CurlBody.File file, string mediaType, bool isPlain)
    {
        if (!IsJson(mediaType) && !isPlain) return null;
        try
        {
            var text = Strict.GetString(file.Bytes);
            return IsJson(mediaType) || LooksLikeJson(text) || (IsPairs(text) && text.All(one => one is > ' ' and <= '~')) ? text : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsJson(string mediaType) =>
        mediaType == "application/json" || mediaType == "text/json" || mediaType.EndsWith("+json", StringComparison.Ordinal);

    private static bool LooksLikeJson(string text)
    {
        if (text.TrimStart() is not ['{' or '[', ..]) return false;
        try
        {
            JsonSpots.Read(text);
            return true;
        }
        catch (ImportException)
        {
            return false;
        }
    }

    /// <summary>Decodes a percent-encoded text; null if its bytes are not text.</summary>
    private static string? Decode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Replace('+', ' '));
        try
        {
            return ShellVariables.Decode(Strict.GetString(System.Net.WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length)));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^/messages/\d+/content(/\d+/text)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Message();

    [GeneratedRegex("[^A-Za-z0-9_]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotKey();
}

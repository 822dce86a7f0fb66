using System.Text.RegularExpressions;

namespace StashAI.Queue.Policies.Failures;

/// <summary>
/// The message of a failure without what differs from one item to the next: numbers, ids, times, paths and addresses each become one
/// placeholder. A pure function of the text: the same message has the same pattern on every machine (docs/failures.md).
/// </summary>
public static partial class MessagePattern
{
    /// <summary>The most characters of a pattern.</summary>
    public const int MaxLength = 300;

    /// <summary>The rest of a longer message tells no groups apart.</summary>
    private const int MaxRead = 1000;

    /// <summary>The pattern of a message; empty for none.</summary>
    public static string Of(string? message)
    {
        if (string.IsNullOrWhiteSpace(message)) return "";
        var text = message.Length > MaxRead ? message[..MaxRead] : message;
        // From the specific to the general: an address has numbers, and a path may have ids.
        text = Tags().Replace(text, " ");
        text = Urls().Replace(text, "{url}");
        text = DataUrls().Replace(text, "{data}");
        text = Times().Replace(text, "{time}");
        text = Ids().Replace(text, "{id}");
        text = Addresses().Replace(text, "{address}");
        text = Paths().Replace(text, "{path}");
        text = FileNames().Replace(text, "{file}");
        text = Tokens().Replace(text, "{id}");
        text = Numbers().Replace(text, "#");
        text = NumberLists().Replace(text, "#");
        text = Spaces().Replace(text, " ").Trim();
        if (text.Length <= MaxLength) return text;
        // Half a character of two would not be text.
        return text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
    }

    /// <summary>The tags of error pages, which proxies and web frameworks answer with.</summary>
    [GeneratedRegex(@"<[/!]?[A-Za-z][^<>]{0,200}>|<!--[^<>]{0,500}-->", RegexOptions.CultureInvariant)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\b[A-Za-z][A-Za-z0-9+.\-]{1,14}://[^\s""'<>\]\)},;]+", RegexOptions.CultureInvariant)]
    private static partial Regex Urls();

    [GeneratedRegex(@"\bdata:[a-z]+/[a-z0-9.+\-]+;base64,[A-Za-z0-9+/=_\-]*", RegexOptions.CultureInvariant)]
    private static partial Regex DataUrls();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+\-]\d\d:?\d\d)?", RegexOptions.CultureInvariant)]
    private static partial Regex Times();

    /// <summary>UUIDs, addresses in memory, and hexadecimal digests.</summary>
    [GeneratedRegex(
        @"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b|\b0[xX][0-9a-fA-F]+\b|\b(?=[a-fA-F]*[0-9])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{12,}\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Ids();

    /// <summary>IPv4 and IPv6 addresses, and names of hosts with a port.</summary>
    [GeneratedRegex(
        @"\b\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?\b|\[[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*\](:\d{1,5})?|\b[A-Za-z][A-Za-z0-9_\-]*(\.[A-Za-z0-9_\-]+)*:\d{2,5}\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();

    /// <summary>Absolute and relative paths of Unix with at least two parts, and paths of Windows.</summary>
    [GeneratedRegex(@"\b[A-Za-z]:\\[^\s""'<>|]+|(?<![\w{}#/])(~|\.{1,2})?(/[\w.\-+@%]+){2,}/?", RegexOptions.CultureInvariant)]
    private static partial Regex Paths();

    /// <summary>Names of files that services are sent or write about.</summary>
    [GeneratedRegex(
        @"(?<![\w{}#])[\w\-%+]+(\.[\w\-%+]+)*\.(jpe?g|png|gif|webp|avif|heic|bmp|tiff?|mp[34]|wav|flac|ogg|m4a|webm|mkv|avi|mov|pdf|txt|jsonl?|csv|bin|onnx|safetensors|gguf|pt|pth)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex FileNames();

    /// <summary>Long words with digits and letters: request ids, keys, names of containers.</summary>
    [GeneratedRegex(@"(?<![\w{])(?=[A-Za-z_\-]*\d)(?=[\d_\-]*[A-Za-z])[A-Za-z0-9_\-]{20,}(?![\w}])", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();

    [GeneratedRegex(@"\d+([.,:]\d+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    /// <summary>Shapes, ranges and boxes, whose length differs too.</summary>
    [GeneratedRegex(@"-?#(\s?[,x×/]\s?-?#)+", RegexOptions.CultureInvariant)]
    private static partial Regex NumberLists();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}

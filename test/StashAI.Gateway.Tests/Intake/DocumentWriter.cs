using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StashAI.Gateway.Tests.Intake;

/// <summary>Writes random JSON documents with every form of string, number and whitespace that JSON allows.</summary>
internal sealed class DocumentWriter(Random random)
{
    private static readonly string[] Numbers = ["0", "-0", "7", "-12", "1.5", "0.25e3", "1E-7", "6e+2", "123456789012345678901234567890"];
    private static readonly string[] Escapes =
        ["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\u00e9", "\\u20AC", "\\uD83D\\uDE00"];
    private static readonly string[] Raw = ["a", "Z", " ", "/", "é", "€", "😀", "{", "]", ",", ":", "'"];

    public string Document(int depth = 4) => Space() + Value(depth) + Space();

    public string Value(int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => Numbers[random.Next(Numbers.Length)],
        1 => "true",
        2 => "false",
        3 => "null",
        4 => Text(),
        5 => "[" + Join(random.Next(5), () => Value(depth - 1)) + "]",
        _ => "{" + Join(random.Next(5), Members(depth)) + "}",
    };

    public string Member(string name, string value) => name + Space() + ":" + Space() + value;

    public string Object(IEnumerable<string> members) => "{" + Space() + string.Join(Space() + "," + Space(), members) + Space() + "}";

    public string Text()
    {
        var text = new StringBuilder("\"");
        for (var n = random.Next(8); n > 0; n--)
        {
            text.Append(random.Next(3) == 0 ? Escapes[random.Next(Escapes.Length)] : Raw[random.Next(Raw.Length)]);
        }

        return text.Append('"').ToString();
    }

    public string Space() => random.Next(4) == 0 ? " \t\r\n"[random.Next(4)].ToString() : "";

    /// <summary>Base64 as a JSON string, with escapes, inner whitespace and missing padding by chance.</summary>
    public string Payload(byte[] bytes)
    {
        var base64 = Convert.ToBase64String(bytes);
        if (random.Next(3) == 0)
        {
            base64 = base64.TrimEnd('=');
        }

        var text = new StringBuilder("\"");
        foreach (var character in base64)
        {
            text.Append(random.Next(12) switch
            {
                0 => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                1 => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
                2 when character == '/' => "\\/",
                3 => "\\r\\n" + character,
                4 => " " + character,
                _ => character.ToString(),
            });
        }

        return text.Append('"').ToString();
    }

    /// <summary>Members of which no two have the same name, however it is written.</summary>
    private Func<string> Members(int depth)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return () =>
        {
            var name = Text();
            while (!taken.Add(JsonSerializer.Deserialize<string>(name)!)) name = Text();
            return Member(name, Value(depth - 1));
        };
    }

    private string Join(int count, Func<string> part) =>
        Space() + string.Join(Space() + "," + Space(), Enumerable.Range(0, count).Select(_ => part())) + Space();
}

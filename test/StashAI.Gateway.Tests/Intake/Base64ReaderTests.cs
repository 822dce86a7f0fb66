using System.Text;
using CsCheck;
using StashAI.Hosting.Bodies;

namespace StashAI.Gateway.Tests.Intake;

/// <summary>The one rule for base64, against generated spellings and generated damage.</summary>
public sealed class Base64ReaderTests
{
    private static readonly string[] Prefixes =
    [
        "", "data:image/jpeg;base64,", "DATA:IMAGE/JPEG;BASE64,", "data:;base64,", "Data:image/png;name=a.png;Base64,",
        "data:image/jpeg; base64,",
    ];

    [Fact]
    public void Any_spelling_of_bytes_gives_them_however_it_is_cut() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            var text = Spelling(random, bytes, out var prefix);
            Assert.True(Base64Reader.TryRead(Encoding.UTF8.GetBytes(text), out var whole, out var error), $"{error}: {text}");
            Assert.Equal(bytes, whole.ToArray());
            var (read, given) = ReadInPieces(random, text);
            Assert.Equal(bytes, read);
            Assert.Equal(prefix, given);
        },
        iter: 5000);

    [Fact]
    public void Damage_is_taken_or_refused_alike_however_it_is_cut() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            var text = Spelling(random, bytes, out _);
            var damaged = text.Insert(random.Next(text.Length + 1), "=!%*,A é\0"[random.Next(9)].ToString());
            var isTaken = Base64Reader.TryRead(Encoding.UTF8.GetBytes(damaged), out var whole, out _);
            var (pieces, _) = ReadInPieces(random, damaged);
            Assert.Equal(isTaken, pieces is not null);
            if (isTaken) Assert.Equal(whole.ToArray(), pieces);
        },
        iter: 5000);

    [Theory]
    [InlineData("A", "middle of a group")]
    [InlineData("AQI==", "middle of a group")]
    [InlineData("AQ==ID", "behind its padding")]
    [InlineData("AQ%3D%3D", "not base64 ('%' at character 3)")]
    [InlineData("data:image/png,AQID", "not base64")]
    [InlineData("data:image/png;base64", "without a comma")]
    public void What_is_no_base64_is_refused_with_its_reason(string text, string reason)
    {
        Assert.False(Base64Reader.TryRead(Encoding.UTF8.GetBytes(text), out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    private static (byte[]? Bytes, string? Prefix) ReadInPieces(Random random, string text)
    {
        var reader = new Base64Reader();
        reader.Start();
        var bytes = new List<byte>();
        var rest = Encoding.UTF8.GetBytes(text).AsSpan();
        var written = 0;
        while (!rest.IsEmpty)
        {
            var piece = rest[..random.Next(1, Math.Min(rest.Length, 9) + 1)];
            var room = new byte[Base64Reader.MaxBytes(piece.Length)];
            if (!reader.TryAppend(piece, room, out written)) return (null, null);
            bytes.AddRange(room.AsSpan(0, written));
            rest = rest[piece.Length..];
        }

        var end = new byte[3];
        if (!reader.TryComplete(end, out written)) return (null, null);
        bytes.AddRange(end.AsSpan(0, written));
        return ([.. bytes], reader.Prefix);
    }

    private static string Spelling(Random random, byte[] bytes, out string? prefix)
    {
        var digits = Convert.ToBase64String(bytes);
        if (random.Next(2) == 0) digits = digits.TrimEnd('=');
        if (random.Next(3) == 0) digits = digits.Replace('+', '-').Replace('/', '_');
        var given = Prefixes[random.Next(Prefixes.Length)];
        prefix = given.Length == 0 ? null : Normal(given);
        var text = new StringBuilder(random.Next(3) == 0 ? " \n" : "").Append(given);
        foreach (var digit in digits)
        {
            if (random.Next(8) == 0) text.Append(" \t\r\n\f"[random.Next(5)]);
            text.Append(digit);
        }

        return text.Append(random.Next(3) == 0 ? "\r\n" : "").ToString();
    }

    private static string Normal(string prefix)
    {
        var parts = prefix.Replace(" ", "", StringComparison.Ordinal).Split(';');
        return string.Join(';', [parts[0].ToLowerInvariant(), .. parts[1..^1], "base64,"]);
    }
}

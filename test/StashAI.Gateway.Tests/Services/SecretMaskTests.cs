using System.Text;
using System.Text.Json;
using CsCheck;
using StashAI.Adapters.Http.Secrets;

namespace StashAI.Gateway.Tests.Services;

/// <summary>Secrets are found in every form in which they come back.</summary>
public sealed class SecretMaskTests
{
    private static readonly Func<string, string>[] Forms =
    [
        text => text, Uri.EscapeDataString, text => Uri.EscapeDataString(text).ToLowerInvariant(),
        text => System.Net.WebUtility.UrlEncode(text),
        text => JsonSerializer.Serialize(text),
        text => JsonSerializer.Serialize(JsonSerializer.Serialize(text)),
        text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
    ];

    private static readonly Gen<string> Secrets = Gen.Char["abcXYZ019-_.+/=&% \"\\\u00e9"].Array[8, 40]
        .Select(chars => "s" + new string(chars).Trim() + "zzzzzzzz");

    [Fact]
    public void No_text_shows_a_secret_in_any_form() =>
        Gen.Select(Secrets, Gen.OneOf(Forms), Gen.String, Gen.String).Sample((secret, form, before, after) =>
        {
            var shown = new SecretMask([secret]).Hide($"{before} {form(secret)} {after}");
            Assert.DoesNotContain(form(secret).Trim('"'), shown, StringComparison.Ordinal);
            Assert.Contains("***", shown, StringComparison.Ordinal);
        });

    /// <summary>Who puts a text together from parts escapes some characters and leaves others.</summary>
    [Theory]
    [InlineData("http://other.example/Bearer%20Zq9-secret/+tok%22en&77x/x")] // as Uri writes a Location header
    [InlineData("Zq9-secret\\/+tok\\\"en&77x")]
    [InlineData("Zq9-secret/+tok\\\\\\\"en\\u002677x")]
    [InlineData("<p>Zq9-secret/+tok&quot;en&amp;77x</p>")]
    [InlineData("Zq9-secret&#x2F;+tok&#34;en&amp;amp;77x")]
    [InlineData("Zq9-secret%252F%252Btok%2522en&77x")]
    [InlineData("zq9-SECRET%2f+tok%22EN%2677X")]
    [InlineData("it ends with Zq9-sec")]
    [InlineData("it ends with Zq9-secret%2")]
    public void Characters_of_one_secret_may_be_written_in_different_ways(string text)
    {
        var shown = new SecretMask(["Zq9-secret/+tok\"en&77x"]).Hide(text);
        Assert.Contains("***", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("zq9", shown, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("77x", shown, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Any_mixture_of_escapes_is_found() => Gen.Select(Secrets, Gen.Int[0, 4].Array[48]).Sample((any, ways) =>
    {
        var secret = any.Replace('\\', '/'); // Backslashes of a value and of its escapes cannot be told apart.
        var mixed = string.Concat(secret.Select((one, index) => Written(one, ways[index % ways.Length])));
        Assert.Equal("<***>", new SecretMask([secret]).Hide($"<{mixed}>"));
    });

    [Theory]
    [InlineData("%", "Zq9%41%secret", "a Zq9%41%secret b")]
    [InlineData("\\", "Zq9\\\\secret", "a Zq9\\\\secret b")]
    [InlineData("&", "Zq9&amp;secret", "a Zq9&amp;secret b")]
    public void A_secret_that_looks_escaped_is_found_as_it_is(string mark, string secret, string text)
    {
        Assert.Contains(mark, secret, StringComparison.Ordinal);
        Assert.Equal("a *** b", new SecretMask([secret]).Hide(text));
        Assert.Equal(
            "a *** b", new SecretMask([secret]).Hide(text.Replace(secret, Uri.EscapeDataString(secret), StringComparison.Ordinal)));
    }

    [Fact]
    public void Base64_is_found_wherever_it_begins() =>
        Gen.Select(Secrets, Gen.Char['a', 'z'].Array[0, 4], Gen.Char['a', 'z'].Array[0, 4]).Sample((secret, before, after) =>
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(before) + secret + new string(after)));
            Assert.Contains("***", new SecretMask([secret]).Hide(text), StringComparison.Ordinal);
        });

    [Fact]
    public void A_text_that_is_cut_inside_of_a_secret_does_not_show_its_beginning() =>
        Assert.Equal("what is ***", new SecretMask(["tok-1234567890"]).Hide("what is tok-1234567"));

    [Fact]
    public void The_decoded_form_of_basic_credentials_is_hidden_too()
    {
        var mask = new SecretMask([Convert.ToBase64String("me:tok-123"u8)]);
        Assert.DoesNotContain("tok-123", mask.Hide("user me:tok-123 and tok-123"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "a" : "x tok-1234\"5 y", "tok-1234\"5": [1.0, 1E2, null] }""", """{ "a" : "x *** y", "***": [1.0, 1E2, null] }""")]
    [InlineData("""{"a":"\u0074ok-1234\u00225"}""", """{"a":"***"}""")]
    [InlineData("""{ "a" : "tok-1234", "b":"\/9j\u002f" }""", """{ "a" : "tok-1234", "b":"\/9j\u002f" }""")]
    [InlineData("""["\ud800"]""", """["\ud800"]""")]
    public void An_answer_loses_secrets_and_nothing_else(string answer, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(new SecretMask(["tok-1234\"5"]).Hide(Encoding.UTF8.GetBytes(answer)).Span));

    private static string Written(char one, int way) => way switch
    {
        1 => Uri.EscapeDataString(one.ToString()),
        2 => $"\\u{(int)one:x4}",
        3 => $"&#{(int)one};",
        4 => one switch { ' ' => "+", '&' => "&amp;", '%' => "%25", '"' => "\\\"", _ => one.ToString() },
        _ => one is '%' or '&' ? Uri.EscapeDataString(one.ToString()) : one.ToString(),
    };
}

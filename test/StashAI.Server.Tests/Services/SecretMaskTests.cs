using System.Text;
using System.Text.Json;
using CsCheck;
using StashAI.Adapters.Http.Secrets;

namespace StashAI.Server.Tests.Services;

/// <summary>Secrets are found in every form in which they come back.</summary>
public sealed class SecretMaskTests
{
    private static readonly Func<string, string>[] Forms =
    [
        text => text, Uri.EscapeDataString, text => Uri.EscapeDataString(text).ToLowerInvariant(), text => System.Net.WebUtility.UrlEncode(text), text => JsonSerializer.Serialize(text),
        text => JsonSerializer.Serialize(JsonSerializer.Serialize(text)), text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
    ];

    private static readonly Gen<string> Secrets = Gen.Char["abcXYZ019-_.+/=&% \"\\\u00e9"].Array[8, 40].Select(chars => "s" + new string(chars).Trim() + "zzzzzzzz");

    [Fact]
    public void No_text_shows_a_secret_in_any_form() => Gen.Select(Secrets, Gen.OneOf(Forms), Gen.String, Gen.String).Sample((secret, form, before, after) =>
    {
        var shown = new SecretMask([secret]).Hide($"{before} {form(secret)} {after}");
        Assert.DoesNotContain(form(secret).Trim('"'), shown, StringComparison.Ordinal);
        Assert.Contains("***", shown, StringComparison.Ordinal);
    });

    [Fact]
    public void Base64_is_found_wherever_it_begins() => Gen.Select(Secrets, Gen.Char['a', 'z'].Array[0, 4], Gen.Char['a', 'z'].Array[0, 4]).Sample((secret, before, after) =>
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
}

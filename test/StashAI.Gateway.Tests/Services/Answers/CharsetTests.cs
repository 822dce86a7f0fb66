using System.Text;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>Answers in other charsets than UTF-8.</summary>
public sealed class CharsetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Texts { get; } = new()
    {
        { "iso-8859-1", "iso-8859-1", "caf\u00e9" },
        { "latin1", "iso-8859-1", "caf\u00e9" },
        { "\"windows-1252\"", "windows-1252", "caf\u00e9 \u201cx\u201d" },
        { "cp1252", "windows-1252", "caf\u00e9 \u201cx\u201d" },
        { "utf-16le", "utf-16", "caf\u00e9" },
        { "utf-16be", "utf-16BE", "caf\u00e9" },
        { "Shift_JIS", "shift_jis", "\u65e5\u672c caf" },
        { "gb18030", "gb18030", "\u65e5\u672c \u00e9" },
        { "koi8-r", "koi8-r", "\u0436" },
        { "UTF8", "utf-8", "caf\u00e9 \U0001F600" },
        { "us-ascii", "utf-8", "caf\u00e9" },
        { "unheard-of", "utf-8", "caf\u00e9" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task The_charset_of_an_answer_is_heeded(string charset, string encoding, string text)
    {
        var codec = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        using var success = new CannedAnswer(200, codec.GetBytes($"{{\"text\":\"{text}\"}}"), $"application/json; charset={charset}");
        using var error = new CannedAnswer(400, codec.GetBytes(text), $"text/plain; charset={charset}");

        Assert.Equal(
            $"{{\"text\":\"{text}\"}}",
            Encoding.UTF8.GetString(Assert.IsType<TaskOutcome.Completed>(await success.ReadAsync(Cancellation)).Output.Span));
        Assert.Equal($"The service answered 400: {text}", Assert.IsType<TaskOutcome.Failed>(await error.ReadAsync(Cancellation)).Message);
    }

    [Fact]
    public void A_byte_order_mark_tells_the_encoding()
    {
        foreach (var encoding in (Encoding[])[new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32])
        {
            byte[] body = [.. encoding.GetPreamble(), .. encoding.GetBytes("\"caf\u00e9\"")];

            Assert.Equal("\"caf\u00e9\"", Encoding.UTF8.GetString(AnswerText.ToUtf8(body, null, isJson: true).Span));
            Assert.Equal("\"caf\u00e9\"", Encoding.UTF8.GetString(AnswerText.ToUtf8(body, null, isJson: false).Span));
        }
    }

    /// <summary>JSON is UTF-8 by its standard, and many servers name another charset for everything that they send.</summary>
    [Fact]
    public void JSON_in_UTF_8_stays_so_whatever_its_header_says()
    {
        var body = Encoding.UTF8.GetBytes("\"caf\u00e9\"");

        Assert.Equal(body, AnswerText.ToUtf8(body, "iso-8859-1", isJson: true).ToArray());
        Assert.Equal("\"cafÃ©\"", Encoding.UTF8.GetString(AnswerText.ToUtf8(body, "iso-8859-1", isJson: false).Span));
        Assert.Equal(
            "{\"a\":1}", Encoding.UTF8.GetString(AnswerText.ToUtf8(Encoding.Unicode.GetBytes("{\"a\":1}"), null, isJson: true).Span));
    }
}

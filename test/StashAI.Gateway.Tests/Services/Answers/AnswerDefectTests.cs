using System.Text;
using StashAI.Adapters.Http;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>What is said of a successful answer that is not one JSON value.</summary>
public sealed class AnswerDefectTests
{
    [Theory]
    [InlineData("{\"text\":\"x\",\"avg\":NaN}", null, "it has NaN at /avg (byte 18)")]
    [InlineData("{\"a\":[1,{\"b/c\":-Infinity}]}", null, "it has -Infinity at /a/1/b~1c (byte 15)")]
    [InlineData("[1,[2,Infinity]]", null, "it has Infinity at /1/1 (byte 6)")]
    [InlineData(
        "{\"text\":\"a\"}\n{\"text\":\"b\"}\n",
        "application/x-ndjson",
        "several JSON values (JSON lines) instead of one; the second starts at byte 13")]
    [InlineData("{\"text\":\"a\"}\n{\"text\":\"b\"}\n", "application/json", "\"stream\": false")]
    [InlineData("data: {\"text\":\"a\"}\n\ndata: [DONE]\n\n", "text/event-stream", "stream of events")]
    [InlineData("event: message\ndata: {}\n\n", null, "stream of events")]
    [InlineData(
        "<html><head><title>\n Log &amp; in </title></head>", "text/html", "an HTML page with the title 'Log & in' instead of JSON")]
    [InlineData("<!DOCTYPE html><body>x", null, "an HTML page instead of JSON")]
    [InlineData("<?xml version=\"1.0\"?><a/>", "text/xml", "XML instead of JSON")]
    [InlineData("", "application/json", "is empty")]
    [InlineData(" \r\n\t", null, "is empty")]
    [InlineData("{\"a\":tru", null, "it ends early, after 8 bytes, at /a")]
    [InlineData("{\"a\":\"it", null, "it ends early")]
    [InlineData("{} x", null, "'x' follows the value at byte 3")]
    [InlineData("{\"a\":[1,\n oops]}", null, "'o' is unexpected at /a/1 (byte 10)")]
    [InlineData("OK", null, "'O' is unexpected at byte 0")]
    public void What_is_wrong_is_said_with_its_place(string body, string? mediaType, string words)
    {
        var defect = AnswerDefect.Find(Encoding.UTF8.GetBytes(body), mediaType);

        Assert.Contains(words, defect?.Message, StringComparison.Ordinal);
        Assert.Equal(words.Contains("ends early", StringComparison.Ordinal), defect!.MayPass);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("[{\"a\":\n", "}]")]
    public void Too_deep_an_answer_is_named_as_that(string open, string close)
    {
        const int deep = 500;
        var body = string.Concat(Enumerable.Repeat(open, deep)) + "1" + string.Concat(Enumerable.Repeat(close, deep));

        Assert.Contains(
            "more than 64 objects and arrays inside each other", AnswerDefect.Find(Encoding.UTF8.GetBytes(body), null)?.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData(" -1.5e3 ")]
    [InlineData("\"é\"")]
    [InlineData("{\"a\":[{}]}\n")]
    public void JSON_has_no_defect(string body) => Assert.Null(AnswerDefect.Find(Encoding.UTF8.GetBytes(body), null));

    [Fact]
    public void NaN_is_found_at_its_path_wherever_it_is()
    {
        var random = new Random(19);
        for (var run = 0; run < 500; run++)
        {
            var (text, path) = ("NaN", "");
            for (var depth = random.Next(1, 6); depth > 0; depth--)
            {
                var before = random.Next(0, 4);
                if (random.Next(2) == 0)
                {
                    text = $"[{string.Concat(Enumerable.Repeat("{\"x\":[0]},", before))}{text}]";
                    path = $"/{before}{path}";
                }
                else
                {
                    text = $"{{{string.Concat(Enumerable.Range(0, before).Select(one => $"\"k{one}\": \"NaN\", "))}\"key é\": {text}}}";
                    path = $"/key é{path}";
                }
            }

            var bytes = Encoding.UTF8.GetBytes(text);
            var defect = JsonDefect.Find(bytes);

            Assert.Equal(JsonDefectKind.NaN, defect?.Kind);
            Assert.Equal(path, defect!.Value.Path);
            Assert.True(bytes.AsSpan(defect.Value.Offset).StartsWith("NaN"u8), text);
        }
    }

    [Fact]
    public void A_broken_byte_is_found_at_its_offset_wherever_it_is()
    {
        var random = new Random(16);
        var whole = Encoding.UTF8.GetBytes("{\"text\":\"caf\u00e9 \u65e5\u672c \U0001F600 and some more text\"}");
        for (var run = 0; run < 500; run++)
        {
            var bytes = whole.ToArray();
            var at = random.Next(bytes.Length);
            if (bytes[at] >= 0x80) continue;
            bytes[at] = 0xFF;

            Assert.Equal(at, AnswerDefect.FindInvalidByte(bytes));
            Assert.Contains($"byte 0xFF at offset {at}", AnswerDefect.Find(bytes, null)?.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_text_that_is_cut_anywhere_ends_early()
    {
        var whole = "{\"a\":[1,\"b\\u0041\",{\"c\":null}],\"d\":-2.5e1}"u8;
        for (var length = 1; length < whole.Length; length++)
        {
            Assert.Equal(JsonDefectKind.EndsEarly, JsonDefect.Find(whole[..length])?.Kind);
        }
    }
}

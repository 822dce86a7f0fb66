using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Calls;
using StashAI.Adapters.Http.Costs;
using StashAI.Adapters.Http.Messages;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>An event may have its data in several lines. Whoever reads events reads them as one.</summary>
public sealed class EventDataTests
{
    private const string Usage =
        """{"model":"m","usage":{"prompt_tokens":12,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2}}}""";

    /// <summary>Every form that the data of one event can have.</summary>
    public static TheoryData<string> Spread { get; } =
    [
        .. from end in (string[])["\n", "\r\n", "\r"]
           from at in Enumerable.Range(1, Usage.Length - 1).Where(at => Usage[at - 1] is '{' or '}' or ':' or ',')
           select $"data: {Usage[..at]}{end}data:{Usage[at..]}{end}{end}data: [DONE]{end}{end}",
        $"event: x\ndata: {Usage}\nid: 1\n\n", $"data:{Usage}", $": comment\n\ndata: {{}}\n\ndata: {Usage}\n\n",
        $"data: {{}}\ndata: {Usage}\n\n",
    ];

    [Theory]
    [MemberData(nameof(Spread))]
    public void Tokens_are_counted_however_many_lines_their_event_has(string events)
    {
        var reader = new UsageReader();

        reader.Read(Encoding.UTF8.GetBytes(events));

        Assert.Equal(new TokenUsage(10, 2, 0, 3), reader.Usage);
        Assert.Equal("m", reader.Model);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("data: a\n\ndata: b\n\n", "a|b")]
    [InlineData("data: a\ndata:  b\n\n: no data\n\ndata\n\ndata:\n\n", "a\nb|")]
    [InlineData("data: a\r\n\r\ndata: b\r\rdata: c", "a|b|c")]
    public void Each_event_has_its_data(string events, string expected)
    {
        var found = new List<string>();

        foreach (var data in new EventData(Encoding.UTF8.GetBytes(events))) found.Add(Encoding.UTF8.GetString(data));

        Assert.Equal(expected, string.Join('|', found));
    }

    [Fact]
    public void Chunks_in_several_lines_make_the_same_message()
    {
        string[] chunks =
        [
            """{"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"a,b"},"finish_reason":null}]}""",
            """{"id":"1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        ];

        var whole = MessageOf(chunks.Select(chunk => $"data: {chunk}\n\n"));
        var spread = MessageOf(chunks.Select(chunk => $"data: {{\ndata: {chunk[1..]}\n\n"));

        Assert.Contains("a,b", whole, StringComparison.Ordinal);
        Assert.Equal(whole, spread);
    }

    private static string MessageOf(IEnumerable<string> events)
    {
        var answer = JsonSerializer.SerializeToUtf8Bytes(string.Concat(events) + "data: [DONE]\n\n");
        var outcome = MessageStream.Of(new TaskOutcome.Completed(answer, new CallReport(200)), """{"model":"asked"}"""u8.ToArray());
        return Encoding.UTF8.GetString(Assert.IsType<TaskOutcome.Completed>(outcome).Output.Span);
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using StashAI.Adapters.Http.Messages;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Dialects.Anthropic;

/// <summary>
/// Messages of Anthropic's form as requests of OpenAI's, and answers back: generated requests, read back by rules of their own, are what
/// they were; and whatever has no counterpart is named.
/// </summary>
public sealed class MappingTests
{
    private static readonly MappedFeatures All = new(Images: true, Tools: true);

    [Fact]
    public void A_request_says_the_same_in_the_other_form() => Gen.Int.Sample(
        seed =>
        {
            var request = new MessageShapes(new Random(seed)).Request();
            var chat = Map(request);

            Assert.Equal(MessageShapes.Plain(request).ToJsonString(), MessageShapes.FromChat(chat).ToJsonString());
        },
        iter: 300);

    [Fact]
    public void Whatever_has_no_counterpart_is_named() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var request = new MessageShapes(random).Request();
            var places = MessageShapes.Objects(request).ToList();
            var (place, path) = places[random.Next(places.Count)];
            var name = (string[])["zzz", "cache_control", "citations", "top_k"] is var names ? names[random.Next(names.Length)] : "";
            place.Insert(random.Next(place.Count + 1), name, JsonNode.Parse("""{"type":"ephemeral"}"""));

            var exception = Assert.Throws<FormatException>(() => Map(request));

            var field = path.Length == 0 ? name : $"{path}.{name}";
            Assert.Contains($"{field} has no counterpart", exception.Message, StringComparison.Ordinal);
        },
        iter: 300);

    [Fact]
    public void A_field_of_another_type_is_named() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var request = new MessageShapes(random).Request();
            var places = MessageShapes.Objects(request).SelectMany(one => one.Object.Select(field => (one.Object, one.Path, field.Key)))
                .Where(one => one.Object[one.Key] is not null).ToList();
            var (place, path, name) = places[random.Next(places.Count)];
            // Nothing takes a list of a list.
            place[name] = JsonNode.Parse("[[1]]");

            var exception = Assert.Throws<FormatException>(() => Map(request));

            Assert.Contains(path.Length == 0 ? name : $"{path}.{name}", exception.Message, StringComparison.Ordinal);
        },
        iter: 300);

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"url","url":"http://x/1.png"}}""", "messages[0].content[0] is an image")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t"}""", "messages[0].content[0] is about tools")]
    [InlineData("""{"type":"document","source":{}}""", "messages[0].content[0].type 'document'")]
    [InlineData("""{"text":"x"}""", "messages[0].content[0].type is missing")]
    [InlineData("""{"type":"text"}""", "messages[0].content[0].text is missing")]
    public void A_block_that_the_service_does_not_speak_is_named(string block, string expected)
    {
        var request = JsonNode.Parse(
            $$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{{block}}]}]}""")!.AsObject();

        var exception = Assert.Throws<FormatException>(() => Map(request, new MappedFeatures(Images: false, Tools: false)));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]""", "messages[1] is of the assistant")]
    [InlineData("[]", "messages must not be empty")]
    [InlineData("""[{"role":"system","content":"x"}]""", "messages[0].role 'system' is not valid")]
    [InlineData("""[{"role":"user","content":[]}]""", "messages[0].content must not be empty")]
    [InlineData("""[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":true}]}]""", "is_error has no")]
    [InlineData(
        """[{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"n","input":{}},{"type":"text","text":"x"}]},{"role":"user","content":"x"}]""",
        "messages[0].content[1] is behind a tool_use")]
    [InlineData(
        """[{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"n","input":{}}]},{"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_result","tool_use_id":"1"}]}]""",
        "messages[1].content[0] comes before the tool_result of '1'")]
    [InlineData(
        """[{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"n","input":{}}]},{"role":"user","content":"x"}]""",
        "messages[1].content comes before the tool_result of '1'")]
    [InlineData(
        """[{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"n","input":{}},{"type":"tool_use","id":"2","name":"n","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"2"}]}]""",
        "messages[1] has no tool_result of '1'")]
    [InlineData(
        """[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}]""",
        "messages[0].content[0].tool_use_id 't' is not the id of a tool_use")]
    [InlineData(
        """[{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"n","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"1"},{"type":"tool_result","tool_use_id":"1"}]}]""",
        "messages[1].content[1].tool_use_id '1' is not the id of a tool_use")]
    [InlineData(
        """[{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"n","input":{}}]},{"role":"assistant","content":"x"},{"role":"user","content":"x"}]""",
        "messages[1].content comes before the tool_result of '1'")]
    public void Messages_that_cannot_be_said_are_named(string messages, string expected)
    {
        var request = JsonNode.Parse($$"""{"model":"m","max_tokens":1,"messages":{{messages}}}""")!.AsObject();

        var exception = Assert.Throws<FormatException>(() => Map(request));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"tool","name":"x"}""", "[]", "tool_choice needs tools")]
    [InlineData("""{"type":"auto"}""", "[]", "tool_choice needs tools")]
    [InlineData("""{"type":"tool","name":"x"}""", """[{"name":"y","input_schema":{}}]""", "tool_choice.name 'x' is none of the tools")]
    [InlineData(
        """{"type":"any"}""", """[{"name":"y","input_schema":{}},{"name":"y","input_schema":{}}]""", "tools[1].name 'y' is the name of an")]
    public void A_choice_of_no_tool_is_named(string choice, string tools, string expected)
    {
        var request = JsonNode.Parse(MessageOf("""[{"role":"user","content":"x"}]""", $""","tools":{tools},"tool_choice":{choice}"""))!;

        var exception = Assert.Throws<FormatException>(() => Map(request.AsObject()));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Any sequence of roles and blocks: what is mapped is what OpenAI takes, and nothing that it takes is refused.
    /// </summary>
    [Fact]
    public void Any_sequence_of_messages_is_mapped_to_one_that_OpenAI_takes_or_refused() => Gen.Int.Sample(
        seed =>
        {
            var messages = ToolSequences.Make(new Random(seed));
            var request = JsonNode.Parse(MessageOf(messages.ToJsonString()))!.AsObject();
            JsonArray? chat = null;
            var refusal = "";
            try
            {
                chat = Map(request)["messages"]!.AsArray();
            }
            catch (FormatException exception)
            {
                refusal = exception.Message;
            }

            Assert.True(
                ToolSequences.IsInOrder(messages) == chat is not null, $"{messages.ToJsonString()}\n{chat?.ToJsonString() ?? refusal}");
            if (chat is not null) Assert.Null(ToolSequences.FaultOf(chat));
        },
        iter: 3000);

    private static string MessageOf(string messages, string more = "") =>
        $$"""{"model":"m","max_tokens":1,"messages":{{messages}}{{more}}}""";

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var request = JsonNode.Parse(
            """{"max_tokens":"9","messages":[],"top_k":1,"thinking":{"type":"enabled","budget_tokens":9},"tool_choice":{"type":"some"}}""")!;

        var exception = Assert.Throws<FormatException>(() => Map(request.AsObject()));

        string[] fields = ["model", "max_tokens", "messages", "top_k", "thinking.budget_tokens", "thinking ", "tool_choice.type"];
        foreach (var field in fields)
            Assert.Contains(field, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_comes_back_as_a_message() => Gen.Int.Sample(
        seed =>
        {
            var (message, completion) = new MessageShapes(new Random(seed)).Answer();

            var outcome = Assert.IsType<TaskOutcome.Completed>(Back(completion.ToJsonString()));

            Assert.Equal(message.ToJsonString(), JsonNode.Parse(outcome.Output.Span)!.ToJsonString());
        },
        iter: 300);

    [Theory]
    [InlineData("""{"choices":[]}""", "no choices")]
    [InlineData("""{"error":{"message":"no"}}""", "no choices")]
    [InlineData("[]", "no choices")]
    [InlineData("""{"choices":[{}]}""", "no message")]
    [InlineData("""{"choices":[{"message":{"content":7}}]}""", "neither a text nor a list")]
    [InlineData("""{"choices":[{"message":{"content":[{"type":"image"}]}}]}""", "is no text")]
    [InlineData("""{"choices":[{"message":{"content":"x"},"finish_reason":"abort"}]}""", "'abort'")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"1","function":{"name":"n","arguments":"{"}}]}}]}""", "not JSON")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"1","function":{"name":"n","arguments":"[]"}}]}}]}""", "not an object")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"function":{"name":"n"}}]}}]}""", "no id")]
    public void An_answer_that_is_no_chat_completion_fails(string answer, string expected)
    {
        var outcome = Assert.IsType<TaskOutcome.Failed>(Back(answer));

        Assert.Equal(ErrorKind.InvalidAnswer, outcome.Kind);
        Assert.Contains(expected, outcome.Message, StringComparison.Ordinal);
    }

    private static JsonObject Map(JsonObject request, MappedFeatures? features = null) =>
        JsonNode.Parse(ChatRequest.Of(Bytes(request.ToJsonString()), features ?? All, isStream: false))!.AsObject();

    private static TaskOutcome Back(string answer) =>
        MessageAnswer.Of(new TaskOutcome.Completed(Bytes(answer), new CallReport(200)), Bytes("""{"model":"asked"}"""));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

using StashAI.Adapters.Http.Reading;

namespace StashAI.Gateway.Tests.Dialects.Anthropic;

/// <summary>The key <c>anthropic</c> of a declaration.</summary>
public sealed class DeclarationTests
{
    [Theory]
    [InlineData("/v1/messages", null)]
    [InlineData("[/v1/messages]", null)]
    [InlineData("{routes: /v1/messages, models: [\"claude-*\"], cost: 0.1, errors: {message: /error/message}}", null)]
    [InlineData("{through: /v1/chat/completions}", null)]
    [InlineData("{through: /v1/chat/completions, speaks: [images, tools], models: small}", null)]
    [InlineData("/v1/complete", "'/v1/complete' is not valid; use /v1/messages.")]
    [InlineData("[/v1/messages, /v1/messages]", "/v1/messages is listed twice.")]
    [InlineData("{models: small}", "routes")]
    [InlineData("{through: /v1/completions}", "through must be /v1/chat/completions.")]
    [InlineData("{through: /v1/chat/completions, routes: /v1/messages}", "routes must be omitted beside through")]
    [InlineData("{through: /v1/chat/completions, speaks: video}", "'video' is not valid; use images or tools.")]
    [InlineData("{routes: /v1/messages, speaks: tools}", "speaks must be omitted")]
    [InlineData("{routes: /v1/messages, models: \"\"}", "A model must have a name")]
    [InlineData("{routes: /v1/messages, zzz: 1}", "does not have the key 'zzz'")]
    public void It_names_the_route_or_what_messages_are_mapped_to(string value, string? error)
    {
        var result = DeclarationReader.Read(
            $"name: a\nurl: http://x\nanthropic: {value}\noperations:\n  go: {{item: string, request: {{path: /x}}}}");

        if (error is null)
        {
            Assert.Empty(result.Errors);
            var route = Assert.Single(result.Declaration!.Anthropic);
            Assert.Equal(("/v1/messages", "a_anthropic_messages"), (route.Path, route.Operation.Operation.TaskType));
        }
        else
        {
            Assert.Contains(error, Assert.Single(result.Errors).Message, StringComparison.Ordinal);
        }
    }
}

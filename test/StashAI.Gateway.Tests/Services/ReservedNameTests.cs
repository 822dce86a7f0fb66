using StashAI.Adapters.Http.Reading;

namespace StashAI.Gateway.Tests.Services;

/// <summary>Names that the server's own routes have, or will have, are not for declared services.</summary>
public sealed class ReservedNameTests
{
    [Theory]
    [InlineData("jobs")]
    [InlineData("tasks")]
    [InlineData("bulk")]
    [InlineData("people")]
    [InlineData("nodes")]
    [InlineData("series")]
    [InlineData("audit")]
    [InlineData("me")]
    [InlineData("quote")]
    [InlineData("schedules")]
    [InlineData("uploads")]
    [InlineData("webhooks")]
    [InlineData("keys")]
    [InlineData("login")]
    [InlineData("services")]
    [InlineData("queue")]
    [InlineData("visage")]
    public void A_declaration_with_a_reserved_name_is_refused_with_another_one(string name)
    {
        var result = DeclarationReader.Read(Declaration(name));

        var error = Assert.Single(result.Errors);
        Assert.Contains($"my-{name}", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.Line);
        Assert.Empty(DeclarationReader.Read(Declaration($"my-{name}")).Errors);
    }

    private static string Declaration(string name) =>
        $$$"""
        name: {{{name}}}
        url: http://127.0.0.1:5000
        operations:
          run:
            item: string
            request: {path: /run, json: {q: "{{ item }}"}}
        """;
}

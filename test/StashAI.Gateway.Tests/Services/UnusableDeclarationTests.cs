using StashAI.Adapters.Http.Reading;

namespace StashAI.Gateway.Tests.Services;

/// <summary>A declaration that could not work is refused when it is read, with the line of the fault.</summary>
public sealed class UnusableDeclarationTests
{
    public static TheoryData<string> ConnectionHeaders() => new([
        "Content-Length", "content-length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Expect", "TE", "Trailer",
        "Upgrade",
    ]);

    [Theory]
    [MemberData(nameof(ConnectionHeaders))]
    public void Headers_of_the_connection_are_refused(string name)
    {
        var error = Assert.Single(DeclarationReader.Read(Declaration("http://127.0.0.1:5000", $"{name}: \"5\"")).Errors);
        Assert.Equal(4, error.Line);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_given_twice_in_other_case_is_refused()
    {
        var error = Assert.Single(DeclarationReader.Read(Declaration("http://127.0.0.1:5000", "X-Key: a", "x-key: b")).Errors);
        Assert.Equal(5, error.Line);
        Assert.Contains("given twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_that_is_not_there_cannot_be_the_usual_one()
    {
        const string yaml = """
            name: two
            url: http://127.0.0.1:5000
            default_operation: third
            operations:
              first: {item: string, request: {path: /, json: "{{ item | json }}"}}
              second: {item: string, request: {path: /, json: "{{ item | json }}"}}
            """;

        var error = Assert.Single(DeclarationReader.Read(yaml).Errors);

        Assert.Equal(3, error.Line);
        Assert.Contains("first, second", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/#part", "fragment")]
    [InlineData("http://127.0.0.1:99999", "port")]
    [InlineData("http://user:secret@127.0.0.1:5000", "Authorization: Basic")]
    [InlineData("ftp://127.0.0.1", "http or https")]
    [InlineData("127.0.0.1:5000", "http or https")]
    [InlineData("${ECHO_URL:-http://127.0.0.1:99999}", "port")]
    public void Addresses_that_cannot_be_called_are_refused(string url, string reason)
    {
        var error = Assert.Single(DeclarationReader.Read(Declaration(url, "X-Key: a")).Errors);
        Assert.Equal(2, error.Line);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/base?key=1")]
    [InlineData("${ECHO_URL}")]
    [InlineData("http://${HOST}:5000")]
    [InlineData("https://example.org:65535")]
    public void Others_are_taken(string url) =>
        Assert.Empty(DeclarationReader.Read(Declaration(url, "Host: example.org", "X-Key: a")).Errors);

    private static string Declaration(string url, params string[] headers) =>
        $$$"""
        name: echo
        url: "{{{url}}}"
        headers:
        {{{string.Join('\n', headers.Select(header => "  " + header))}}}
        operations:
          run:
            item: string
            request: {path: /run, json: {q: "{{ item }}"}}
        """;
}

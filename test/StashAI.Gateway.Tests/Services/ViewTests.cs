using System.Text.Json;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Services;

/// <summary>How results are shown, and the declaration of a service with its errors.</summary>
public sealed class ViewTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{kind: transcript, segments: /segments, text: /text}", """{"kind":"transcript","segments":"/segments","text":"/text"}""")]
    [InlineData("{kind: embedding, vector: /embedding}", """{"kind":"embedding","vector":"/embedding"}""")]
    [InlineData("{kind: ocr, text: \"\"}", """{"kind":"ocr","text":""}""")]
    [InlineData("table", """{"kind":"table"}""")]
    [InlineData("", "null")]
    public async Task A_service_says_how_its_results_are_shown(string view, string shown)
    {
        await using var host = await ServiceHost.StartAsync(Declaration(view));
        Assert.Equal(shown, (await host.Gateway.GetAsync("/api/services/echo")).GetProperty("view").GetRawText());
        var list = (await host.Gateway.GetAsync("/api/services")).GetProperty("services").EnumerateArray().ToList();
        Assert.Equal(shown, list.Single(one => one.Text("name") == "echo").GetProperty("view").GetRawText());
        Assert.Equal("""{"kind":"faces"}""", list.Single(one => one.Text("name") == "visage").GetProperty("view").GetRawText());
    }

    [Theory]
    [InlineData("table", "{kind: ocr, text: /text}", """{"kind":"ocr","text":"/text"}""")]
    [InlineData("{kind: ocr, text: /text}", "table", """{"kind":"table"}""")]
    [InlineData("{kind: ocr, text: /text}", "", """{"kind":"ocr","text":"/text"}""")]
    [InlineData("", "video", """{"kind":"video"}""")]
    [InlineData("", "", "null")]
    public async Task An_operation_has_its_own_view_before_that_of_its_service(string ofService, string own, string shown)
    {
        await using var host = await ServiceHost.StartAsync(Declaration(ofService, own));
        var operation = (await host.Gateway.GetAsync("/api/services/echo")).GetProperty("operations")[0];
        Assert.Equal(shown, operation.GetProperty("view").GetRawText());
    }

    [Theory]
    [InlineData("identify", "faces")]
    [InlineData("compare", "comparison")]
    [InlineData("one-to-many", "comparison")]
    [InlineData("video", "video")]
    public async Task Each_operation_of_the_face_service_is_shown_as_what_it_is(string name, string kind)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var operations = (await gateway.GetAsync("/api/services/visage")).GetProperty("operations").EnumerateArray();
        Assert.Equal(kind, operations.Single(one => one.Text("name") == name).GetProperty("view").Text("kind"));
    }

    [Fact]
    public void What_is_wrong_with_the_view_of_an_operation_has_its_line()
    {
        var error = Assert.Single(DeclarationReader.Read(Declaration("table", "{kind: chat}")).Errors);
        Assert.Equal(8, error.Line);
        Assert.Contains("needs text", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{kind: hologram}", "transcript")]
    [InlineData("{kind: transcript}", "needs text")]
    [InlineData("{kind: ocr, text: text}", "JSON pointer")]
    [InlineData("{kind: ocr, text: /text, vector: /v}", "does not have the key 'vector'")]
    [InlineData("{text: /text}", "needs kind")]
    [InlineData("[ocr]", "must be a mapping")]
    public void What_is_wrong_has_its_line(string view, string reason)
    {
        var error = Assert.Single(DeclarationReader.Read(Declaration(view)).Errors);
        Assert.Equal(3, error.Line);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_declaration_is_shown_with_its_errors_by_line()
    {
        await using var host = await ServiceHost.StartAsync(Declaration("table"));
        var whole = await host.Gateway.GetAsync("/api/services/echo/declaration");
        Assert.Equal("echo.yaml", whole.Text("file"));
        Assert.Equal(Declaration("table"), whole.Text("text"));
        Assert.Equal("[]", whole.GetProperty("errors").GetRawText());
        Assert.Equal(JsonValueKind.Null, whole.GetProperty("not_used_because").ValueKind);

        await File.WriteAllTextAsync(host.Folder.File("echo.yaml"), Declaration("{kind: hologram}"), Cancellation);
        await File.WriteAllTextAsync(host.Folder.File("never.yaml"), "name: never\nurl: ftp://127.0.0.1\n", Cancellation);
        var error = (await host.Gateway.GetAsync("/api/services/echo/declaration")).GetProperty("errors")[0];
        Assert.Equal(3, error.GetProperty("line").GetInt32());
        Assert.NotEmpty((await host.Gateway.GetAsync("/api/services/never/declaration")).GetProperty("errors").EnumerateArray());
        await host.Gateway.GetAsync("/api/services/visage/declaration", 404);
    }

    private static string Declaration(string view, string own = "") =>
        $$"""
        name: echo
        url: ${ECHO_URL:-http://127.0.0.1:1}
        view: {{view}}
        operations:
          shout:
            item: string
            request: {path: /shout}
            view: {{own}}
        """;
}
